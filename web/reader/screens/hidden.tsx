import { Name } from '../../ui/party/party-badge.tsx';
import { partyColours } from '../../ui/party/slot.ts';
import { wordsOf } from '../record/as-text.ts';
import type { HiddenEntry } from '../record/model.ts';
import { useWords } from '../strings/words.ts';
import styles from './entry.module.css';
import type { Names } from './naming.ts';

/** The drawer of messages that the rules leave without effect, each with the reason (C9). */
export function Hidden({ hidden, names }: { hidden: readonly HiddenEntry[]; names: Names }) {
  const { t } = useWords();
  if (hidden.length === 0) return null;
  return (
    <details className={styles.drawer}>
      <summary>{t('hidden.title', { count: hidden.length })}</summary>
      <p className={styles.small}>{t('hidden.text')}</p>
      <ol>
        {hidden.map((entry) => (
          <li key={entry.sid} className={styles.hidden}>
            <b className={styles.name} style={partyColours(entry.slot)}>
              <Name>{names.person(entry)}</Name>
            </b>
            <p className={styles.text}>
              <span dir="auto">{wordsOf(entry, names.person(entry), t)}</span>
            </p>
            <p className={styles.meta}>
              <time dateTime={new Date(entry.atMs).toISOString()}>{names.when(entry.atMs)}</time>
              <span aria-hidden>•</span>
              <span>{t(`hidden.${entry.reason}`)}</span>
            </p>
          </li>
        ))}
      </ol>
    </details>
  );
}
