import type { MissionDraft, Threshold } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { type Rules, thresholds } from '../mission/charter-lines.ts';
import { InlineSelect } from '../ui/field.tsx';
import field from '../ui/field.module.css';
import { Note } from '../ui/surface.tsx';
import styles from './founding.module.css';

/** Hours the wipe may wait for receipts. */
const waits = [1, 6, 24, 72, 168];

/** The rules of a charter as sentences with a choice inside. */
export function RulesFieldset({
  draft,
  onChange,
  weak,
}: {
  draft: MissionDraft;
  onChange: (rules: Partial<Rules>) => void;
  /** Set if adding a party would be easier than closing. */
  weak?: string | undefined;
}) {
  const { t } = useStrings();
  const words: Record<Threshold, string> = {
    majority: t('rule.thresholdMajority'),
    'two-thirds': t('rule.thresholdTwoThirds'),
    all: t('rule.thresholdAll'),
  };
  const choices = thresholds.map((value) => ({ value, text: words[value] }));
  const histories = (['all', 'join', 'none'] as const).map((value) => ({
    value,
    text: t(`rule.${value}`),
  }));
  return (
    <fieldset className={styles.fieldset}>
      <legend className={styles.legend}>{t('propose.rules')}</legend>
      <Sentence of={t('rule.history', { choice: mark })}>
        <InlineSelect
          name={t('rule.historyName')}
          value={draft.history}
          options={histories}
          onChange={(value) => onChange({ history: value as Rules['history'] })}
        />
      </Sentence>
      <Sentence of={t('rule.addParty', { choice: mark })}>
        <InlineSelect
          name={t('rule.addPartyName')}
          value={draft.addParty}
          options={choices}
          onChange={(value) => onChange({ addParty: value as Threshold })}
        />
      </Sentence>
      {weak ? <Note tone="bad">{weak}</Note> : null}
      <Sentence of={t('rule.close', { choice: mark })}>
        <InlineSelect
          name={t('rule.closeName')}
          value={draft.close}
          options={choices}
          onChange={(value) => onChange({ close: value as Threshold })}
        />
      </Sentence>
      <Sentence of={t('rule.wipe', { choice: mark })}>
        <InlineSelect
          name={t('rule.wipeName')}
          value={String(draft.wipeAfterHours)}
          options={waits.map((hours) => ({
            value: String(hours),
            text: t('rule.hours', { count: hours }),
          }))}
          onChange={(value) => onChange({ wipeAfterHours: Number(value) })}
        />
      </Sentence>
    </fieldset>
  );
}

/** Marks the place of the choice while a sentence is translated. */
const mark = '\uE000';

function Sentence({ of, children }: { of: string; children: React.ReactNode }) {
  const [before = '', after = ''] = of.split(mark);
  return (
    <p className={field.sentence}>
      {before}
      {children}
      {after}
    </p>
  );
}
