import { useEffect, useState } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Toggle } from '../ui/field.tsx';
import { FileIcon, SendHorizontal } from '../ui/icons.ts';
import { Name } from '../ui/party/party-badge.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { Note } from '../ui/surface.tsx';
import { blobSource } from './blob-source.ts';
import { cleanPicture, mayTell } from './clean-picture.ts';
import styles from './files.module.css';
import { sizeWords } from './size.ts';

/** What is about to be sent, and what is taken out of it before. */
export function SendFile({ cid, file, onClose }: { cid: string; file: File; onClose: () => void }) {
  const { t, tag } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [isCleaned, setCleaned] = useState(true);
  const [isUnreadable, setUnreadable] = useState(false);
  const address = useAddress(file);
  const send = async () => {
    let sent: Blob = file;
    if (mayTell(file) && isCleaned) {
      try {
        sent = await cleanPicture(file);
      } catch {
        // Sent as it is only if the person says so: the wish was to take something out.
        setUnreadable(true);
        return;
      }
    }
    if (await run(() => client.sendFile(cid, blobSource(sent, file.name)))) onClose();
  };
  return (
    <Sheet
      title={t('file.sendTitle')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('act.cancel')}</Button>
          <Button
            look="primary"
            icon={SendHorizontal}
            isBusy={isBusy}
            autoFocus
            onPress={() => void send()}
          >
            {t('chat.send')}
          </Button>
        </>
      }
    >
      {address ? <img className={styles.preview} src={address} alt="" /> : null}
      <div className={styles.file}>
        <span className={styles.square}>
          <FileIcon size={24} aria-hidden />
        </span>
        <span className={styles.words}>
          <b>
            <Name>{file.name}</Name>
          </b>
          <small>{sizeWords(file.size, tag)}</small>
        </span>
      </div>
      {mayTell(file) ? (
        <Toggle label={t('file.clean')} isOn={isCleaned} onChange={setCleaned} />
      ) : null}
      {isUnreadable ? <Note tone="bad">{t('file.unreadable')}</Note> : null}
      <ProblemNote problem={problem} />
    </Sheet>
  );
}

/** An address of a picture for its preview, as long as it is shown. */
function useAddress(file: File): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    // Only what browsers draw as pixels; an SVG could ask for other addresses.
    if (!/^image\/(?:jpeg|png|gif|webp|avif)$/u.test(file.type)) return;
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => {
      setAddress(undefined);
      URL.revokeObjectURL(made);
    };
  }, [file]);
  return address;
}
