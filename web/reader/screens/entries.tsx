import { useState } from 'react';
import { Card } from '../../ui/surface.tsx';
import type { Entry, Library } from '../record/model.ts';
import { useWords } from '../strings/words.ts';
import { EntryRow } from './entry-row.tsx';
import type { Names } from './naming.ts';
import { Press } from './press.tsx';
import styles from './reader.module.css';

/** Entries drawn at once: a long log must not exhaust a phone. */
const windowEntries = 150;

/** Entries in their order, with a way to more of them. */
export function Entries({
  entries,
  library,
  names,
  query,
  isAnywhere,
}: {
  entries: readonly Entry[];
  library: Library;
  names: Names;
  query: string;
  /** Whether each must say which conversation it is from. */
  isAnywhere: boolean;
}) {
  const { t } = useWords();
  const [shown, setShown] = useState(windowEntries);
  if (entries.length === 0) return <p className={styles.nothing}>{t('nothing')}</p>;
  return (
    <Card className={styles.list}>
      <ol>
        {entries.slice(0, shown).map((entry) => (
          <EntryRow
            key={entry.sid}
            entry={entry}
            library={library}
            names={names}
            query={query}
            isAnywhere={isAnywhere}
          />
        ))}
      </ol>
      {entries.length > shown ? (
        <Press isWide onPress={() => setShown(shown + windowEntries)}>
          {t('more')}
        </Press>
      ) : null}
    </Card>
  );
}
