import { useState } from 'react';
import { saveBlob } from '../files/save-blob.ts';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { KeyRound } from '../ui/icons.ts';
import { Sheet } from '../ui/sheet.tsx';
import { Card, Note, Pill, Wait } from '../ui/surface.tsx';
import styles from './closing.module.css';

/** Letters a passphrase needs; whoever finds the file can try as many as they like. */
const shortest = 12;

/** The keys that open the record, as a file beside it, under a passphrase. */
export function SaveKeys() {
  const { t } = useStrings();
  const [isOpen, setOpen] = useState(false);
  const [isSaved, setSaved] = useState(false);
  return (
    <Card className={styles.stack}>
      <div className={styles.head}>
        <span className={styles.square}>
          <KeyRound size={24} aria-hidden />
        </span>
        <div>
          <h2>{t('closing.keys.title')}</h2>
          <p>{t('closing.keys.why')}</p>
        </div>
        {isSaved ? <Pill tone="ok">{t('closing.done')}</Pill> : null}
      </div>
      <Button icon={KeyRound} onPress={() => setOpen(true)}>
        {t('closing.keys.title')}
      </Button>
      {isOpen ? (
        <PassphraseSheet
          onClose={() => setOpen(false)}
          onSaved={() => {
            setSaved(true);
            setOpen(false);
          }}
        />
      ) : null}
    </Card>
  );
}

function PassphraseSheet({ onClose, onSaved }: { onClose: () => void; onSaved: () => void }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [isTried, setTried] = useState(false);
  const isShort = [...first.trim()].length < shortest;
  const differs = first !== second;
  const save = async () => {
    setTried(true);
    if (isShort || differs) return;
    const saved = await run(async () => {
      const { name, text } = await client.keyFile(first);
      saveBlob(new Blob([text]), name);
    });
    if (saved) onSaved();
  };
  return (
    <Sheet title={t('closing.keys.title')} isOpen onClose={onClose}>
      <form
        className={styles.stack}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field
          label={t('closing.keys.passphrase')}
          hint={t('closing.keys.hint')}
          error={isTried && isShort ? t('closing.keys.short', { min: shortest }) : undefined}
          value={first}
          onChange={setFirst}
          autoComplete="new-password"
          isSecret
          autoFocus
        />
        <Field
          label={t('closing.keys.again')}
          error={isTried && !isShort && differs ? t('closing.keys.differ') : undefined}
          value={second}
          onChange={setSecond}
          autoComplete="new-password"
          isSecret
        />
        <Note tone="attention">{t('closing.keys.limit')}</Note>
        {isBusy ? <Wait>{t('closing.keys.sealing')}</Wait> : null}
        <ProblemNote problem={problem} />
        <Button look="primary" type="submit" isBusy={isBusy} isWide>
          {t('closing.keys.go')}
        </Button>
      </form>
    </Sheet>
  );
}
