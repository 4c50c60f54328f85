import { useMemo } from 'react';
import { Search } from '../../ui/icons.ts';
import type { Library } from '../record/model.ts';
import { useWords } from '../strings/words.ts';
import { daysOf, isNarrow, type Filter } from './filter.ts';
import type { Names } from './naming.ts';
import styles from './reader.module.css';

/** The search field, and what narrows it. */
export function Filters({
  library,
  names,
  filter,
  found,
  onChange,
}: {
  library: Library;
  names: Names;
  filter: Filter;
  found: number;
  onChange: (filter: Filter) => void;
}) {
  const { t } = useWords();
  const { cid, day, isFilesOnly, query, slot } = filter;
  const days = useMemo(() => daysOf(library, names), [library, names]);
  const { cid: _, ...anywhere } = filter;
  const { slot: __, ...anybody } = filter;
  const { day: ___, ...always } = filter;
  const open = library.conversations.filter(({ state }) => state !== 'locked');
  return (
    <search className={styles.search}>
      <label className={styles.field}>
        <Search size={20} aria-hidden />
        <input
          type="search"
          value={query}
          placeholder={t('search')}
          aria-label={t('search')}
          onChange={({ target }) => onChange({ ...filter, query: target.value })}
        />
        <span role="status">{isNarrow(filter) ? t('found', { count: found }) : ''}</span>
      </label>
      <div className={styles.pills}>
        <Pill
          name={t('filter.conversation')}
          value={cid ?? ''}
          all={t('filter.allConversations')}
          options={open.map((one) => [one.cid, names.conversation(one)])}
          onChoose={(value) => onChange(value === '' ? anywhere : { ...filter, cid: value })}
        />
        <Pill
          name={t('filter.party')}
          value={slot === undefined ? '' : String(slot)}
          all={t('filter.allParties')}
          options={names.parties.map((party) => [String(party.slot), party.name])}
          onChoose={(value) =>
            onChange(value === '' ? anybody : { ...filter, slot: Number(value) })
          }
        />
        <Pill
          name={t('filter.day')}
          value={day === undefined ? '' : String(day)}
          all={t('filter.days', { from: days[0] ?? 1, to: days.at(-1) ?? 1 })}
          options={days.map((one) => [String(one), t('day', { day: one })])}
          onChoose={(value) => onChange(value === '' ? always : { ...filter, day: Number(value) })}
        />
        <Pill
          name={t('filter.kind')}
          value={isFilesOnly ? 'files' : ''}
          all={t('filter.everything')}
          options={[['files', t('filter.files')]]}
          onChoose={(value) => onChange({ ...filter, isFilesOnly: value !== '' })}
        />
      </div>
    </search>
  );
}

function Pill({
  name,
  value,
  all,
  options,
  onChoose,
}: {
  name: string;
  value: string;
  all: string;
  options: readonly (readonly [value: string, words: string])[];
  onChoose: (value: string) => void;
}) {
  return (
    <select
      className={styles.pill}
      aria-label={name}
      value={value}
      onChange={({ target }) => onChoose(target.value)}
    >
      <option value="">{all}</option>
      {options.map(([one, words]) => (
        <option key={one} value={one}>
          {words}
        </option>
      ))}
    </select>
  );
}
