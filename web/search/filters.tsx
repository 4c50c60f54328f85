import type { RefObject } from 'react';
import type { PersonView } from '#client/model.ts';
import type { SearchKind } from '#client/search-model.ts';
import { useStrings } from '../language/i18n.ts';
import { usePersonWords } from '../messaging/person-words.ts';
import { useMission } from '../session/client-context.tsx';
import { Search } from '../ui/icons.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import type { Filter } from './filter.ts';
import styles from './search.module.css';

const kinds = ['text', 'file', 'call', 'person'] as const satisfies readonly SearchKind[];

/** The field, and what narrows the search. `cid` leaves out what is in no conversation. */
export function Filters({
  field,
  filter,
  cid,
  onChange,
  onDown,
}: {
  field: RefObject<HTMLInputElement | null>;
  filter: Filter;
  cid: string | undefined;
  onChange: (change: Partial<Filter>) => void;
  /** The arrow that leads from the field into the list. */
  onDown: () => void;
}) {
  const { t, tag } = useStrings();
  const { charter, people } = useMission();
  const words = usePersonWords(charter.parties);
  const name = (person: PersonView) =>
    person.isMe ? t('people.you', { name: words(person) }) : words(person);
  const persons = people
    .map((person) => [person.id, name(person)] as const)
    .sort(([, a], [, b]) => a.localeCompare(b, tag));
  return (
    <search className={styles.filters}>
      <label className={styles.field}>
        <Search size={20} aria-hidden />
        <input
          ref={field}
          type="search"
          dir="auto"
          autoComplete="off"
          spellCheck="false"
          value={filter.text}
          aria-label={t('search.title')}
          placeholder={t('search.placeholder')}
          onChange={({ target }) => onChange({ text: target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            onDown();
          }}
        />
      </label>
      <div className={styles.narrowing}>
        <Choice
          name={t('search.people')}
          all={t('search.everybody')}
          value={filter.person}
          options={persons}
          onChoose={(person) => onChange({ person })}
        />
        <Choice
          name={t('search.parties')}
          all={t('search.allParties')}
          value={filter.slot}
          options={charter.parties.map((party) => [String(party.slot), cleanName(party.name)])}
          onChoose={(slot) => onChange({ slot })}
        />
        <Choice
          name={t('search.kind')}
          all={t('search.everything')}
          value={filter.kind}
          options={kinds
            .filter((kind) => cid === undefined || kind !== 'person')
            .map((kind) => [kind, t(`search.kinds.${kind}`)])}
          onChoose={(kind) => onChange({ kind: kinds.find((one) => one === kind) ?? '' })}
        />
        <label className={styles.choice}>
          {t('search.day')}
          <input
            type="date"
            aria-label={t('search.day')}
            value={filter.day}
            onChange={({ target }) => onChange({ day: target.value })}
          />
        </label>
      </div>
    </search>
  );
}

function Choice({
  name,
  all,
  value,
  options,
  onChoose,
}: {
  name: string;
  all: string;
  value: string;
  options: readonly (readonly [value: string, words: string])[];
  onChoose: (value: string) => void;
}) {
  return (
    <label className={styles.choice}>
      {name}
      <select aria-label={name} value={value} onChange={({ target }) => onChoose(target.value)}>
        <option value="">{all}</option>
        {options.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
