import type { Language } from '../../language/languages.ts';
import { Card } from '../../ui/surface.tsx';
import { useWords } from '../strings/words.ts';
import { Header } from './header.tsx';
import styles from './reader.module.css';
import { useReaderView } from './session-context.ts';

/** While signatures and files are checked, or a person's keys open what they open. */
export function Checking({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const { t } = useWords();
  const { library, share, stage } = useReaderView();
  const percent = Math.floor(share * 100);
  const isOpening = stage === 'opening';
  return (
    <>
      <Header title={library?.mission ?? t('title')} onLanguage={onLanguage} />
      <main id="main" tabIndex={-1} className={styles.middle}>
        <Card className={styles.stack}>
          <h2 id="checking">{t('check.title')}</h2>
          <p role="status">{isOpening ? t('check.opening') : t('check.now', { percent })}</p>
          <progress
            aria-labelledby="checking"
            max={100}
            className={styles.progress}
            {...(isOpening ? {} : { value: percent })}
          />
        </Card>
      </main>
    </>
  );
}
