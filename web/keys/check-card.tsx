import { useState } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { prefer } from '../session/preferences.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { ScanLine } from '../ui/icons.ts';
import { Sheet } from '../ui/sheet.tsx';
import { Note } from '../ui/surface.tsx';
import { CardFinder } from './card-finder.tsx';
import styles from './keys.module.css';

/** "Check my key card": the paper is scanned back, or its text pasted, and compared. */
export function CheckCard({ onClose }: { onClose: () => void }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [text, setText] = useState('');
  const [verdict, setVerdict] = useState<'right' | 'wrong'>();
  const [isScanning, setScanning] = useState(false);
  const compare = (found: string) =>
    void run(async () => {
      // Line breaks come with a text typed or copied off paper.
      const isRight = found.replace(/\s+/gu, '') === (await client.keyCard());
      setVerdict(isRight ? 'right' : 'wrong');
      setScanning(!isRight && isScanning);
      if (isRight) prefer({ hasKeyCard: true });
    });
  return (
    <Sheet title={t('keyCard.check')} isOpen onClose={onClose}>
      {isScanning ? (
        <CardFinder onText={compare} />
      ) : (
        <Button icon={ScanLine} onPress={() => setScanning(true)}>
          {t('scan.title')}
        </Button>
      )}
      <form
        className={styles.stack}
        onSubmit={(event) => {
          event.preventDefault();
          compare(text);
        }}
      >
        <Field
          label={t('keyCard.text')}
          value={text}
          onChange={(value) => {
            setText(value);
            setVerdict(undefined);
          }}
          isCode
          isLong
        />
        {verdict === 'right' ? <Note tone="ok">{t('keyCard.right')}</Note> : null}
        {verdict === 'wrong' ? <Note tone="bad">{t('keyCard.wrong')}</Note> : null}
        <ProblemNote problem={problem} />
        <Button look="primary" type="submit" isBusy={isBusy} isDisabled={text.trim() === ''} isWide>
          {t('keyCard.compare')}
        </Button>
      </form>
    </Sheet>
  );
}
