import { type FormEvent, useState } from 'react';
import field from '../../ui/field.module.css';
import { Card, Note } from '../../ui/surface.tsx';
import type { KeyProblem } from '../record/holder.ts';
import { useWords } from '../strings/words.ts';
import { CardCamera } from './card-camera.tsx';
import { Choose } from './choose.tsx';
import { Press } from './press.tsx';
import styles from './reader.module.css';
import { useReaderView, useSession } from './session-context.ts';

/** A person's keys: key file with passphrase or key card, or the card alone. */
export function Unlock() {
  const { t } = useWords();
  const session = useSession();
  const { hasKeyFile } = useReaderView();
  const [passphrase, setPassphrase] = useState('');
  const [card, setCard] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<KeyProblem>();
  const isReady = card.trim() !== '' || (hasKeyFile && passphrase !== '');
  const unlock = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!isReady || isBusy) return;
    setBusy(true);
    setProblem(undefined);
    const secrets = card.trim() === '' ? { passphrase } : { card };
    const found = await session.unlock(secrets);
    // Opened: this screen is gone.
    if (found === undefined) return;
    setBusy(false);
    setProblem(found);
  };
  return (
    <Card>
      <form className={styles.stack} onSubmit={(event) => void unlock(event)}>
        <h2>{t('unlock.title')}</h2>
        <p>{t('unlock.text')}</p>
        {hasKeyFile ? (
          <Note tone="ok">{t('unlock.fileThere')}</Note>
        ) : (
          <Choose>{t('unlock.file')}</Choose>
        )}
        {hasKeyFile ? (
          <label className={field.field}>
            <span className={field.label}>{t('unlock.passphrase')}</span>
            <input
              className={field.input}
              type="password"
              autoComplete="off"
              value={passphrase}
              onChange={({ target }) => setPassphrase(target.value)}
            />
          </label>
        ) : null}
        <label className={field.field}>
          <span className={field.label}>{t('unlock.card')}</span>
          <textarea
            className={field.input}
            dir="ltr"
            spellCheck={false}
            autoComplete="off"
            value={card}
            onChange={({ target }) => setCard(target.value)}
          />
          <span className={field.hint}>{t('unlock.cardHint')}</span>
        </label>
        <CardCamera onText={setCard} />
        {problem ? <Note tone="bad">{t(`problem.${problem}`)}</Note> : null}
        <Press look="primary" type="submit" isDisabled={!isReady || isBusy}>
          {t('unlock.go')}
        </Press>
        <p role="status" className={styles.muted}>
          {isBusy ? t('unlock.busy') : ''}
        </p>
      </form>
    </Card>
  );
}
