import type { Language } from '../../language/languages.ts';
import { Card, Note } from '../../ui/surface.tsx';
import text from '../../ui/text.module.css';
import { useWords } from '../strings/words.ts';
import { Choose } from './choose.tsx';
import { Header } from './header.tsx';
import styles from './reader.module.css';
import { useReaderView } from './session-context.ts';

/** Before a record is open, or after one could not be. */
export function Start({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const { t } = useWords();
  const { hasKeyFile, problem } = useReaderView();
  return (
    <>
      <Header title={t('title')} onLanguage={onLanguage} />
      <main id="main" tabIndex={-1} className={styles.middle}>
        <Card className={styles.stack}>
          <h2>{t('open.title')}</h2>
          <p>{t('open.text')}</p>
          {problem ? (
            <Note tone="bad">
              <b>{t(`problem.${problem}`)}</b> {t(`problem.${problem}Advice`)}
            </Note>
          ) : null}
          {hasKeyFile ? <Note tone="ok">{t('unlock.fileThere')}</Note> : null}
          <Choose isPrimary>{t('open.choose')}</Choose>
          <p className={`${text.small} ${text.muted}`}>{t('open.drop')}</p>
        </Card>
      </main>
    </>
  );
}
