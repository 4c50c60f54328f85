import { useEffect, useId, useRef, useState } from 'react';
import { PartyName } from '../../ui/party/party-badge.tsx';
import { Name } from '../../ui/party/party-badge.tsx';
import { Note } from '../../ui/surface.tsx';
import type { Entry } from '../record/model.ts';
import type { Proof } from '../record/proof.ts';
import { useWords } from '../strings/words.ts';
import styles from './entry.module.css';
import type { Names } from './naming.ts';
import { Press } from './press.tsx';
import { useSession } from './session-context.ts';

/** Who signed a message with what, checked once more, and how to check it without this reader. */
export function ProofDialog({
  entry,
  names,
  onClose,
}: {
  entry: Entry;
  names: Names;
  onClose: () => void;
}) {
  const { t } = useWords();
  const session = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  const [proof, setProof] = useState<Proof>();
  const title = useId();
  useEffect(() => {
    dialog.current?.showModal();
    void session.proof(entry.cid, entry.sid).then(setProof);
  }, [session, entry.cid, entry.sid]);
  const party = names.party(entry.slot);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={title} onClose={onClose}>
      <h2 id={title}>{t('proof.title')}</h2>
      {proof ? (
        <>
          <Note tone={proof.holds ? 'ok' : 'bad'}>
            {t('proof.signature')}: {t(proof.holds ? 'proof.holds' : 'proof.broken')}
          </Note>
          <dl className={styles.facts}>
            <dt>{t('proof.signed')}</dt>
            <dd>
              <Name>{names.person(entry)}</Name>
              {party ? (
                <>
                  {' • '}
                  <PartyName party={party} />
                </>
              ) : null}
            </dd>
            <dt>{t('proof.device')}</dt>
            <dd>
              <code>{proof.device}</code>
            </dd>
            <dt>{t('proof.commit')}</dt>
            <dd>
              <code>{proof.oid}</code>
            </dd>
          </dl>
          <p className={styles.small}>{t('proof.note')}</p>
          <h3>{t('proof.command')}</h3>
          <pre className={styles.command} dir="ltr" tabIndex={0}>
            {proof.command}
          </pre>
        </>
      ) : null}
      <Press look="primary" onPress={() => dialog.current?.close()}>
        {t('close')}
      </Press>
    </dialog>
  );
}
