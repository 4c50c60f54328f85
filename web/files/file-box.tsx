import type { FileView } from '#client/call-model.ts';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { Button } from '../ui/button.tsx';
import { Download, FileIcon, Pause, Play, RefreshCw, TriangleAlert, X } from '../ui/icons.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import { Name } from '../ui/party/party-badge.tsx';
import { Progress } from '../ui/progress.tsx';
import styles from './files.module.css';
import { saveBlob } from './save-blob.ts';
import { sizeWords } from './size.ts';

/** A file of a message: what it is, how far it is, what can be done. */
export function FileBox({ file }: { file: FileView }) {
  const { t, tag } = useStrings();
  const { name, sizeBytes, state } = file;
  const isMoving = state === 'uploading' || state === 'fetching' || state === 'paused';
  return (
    <div className={styles.box} data-file={state}>
      <div className={styles.file}>
        <span className={styles.square}>
          <FileIcon size={24} aria-hidden />
        </span>
        <span className={styles.words}>
          <b>
            <Name>{name}</Name>
          </b>
          <small>
            {sizeWords(sizeBytes, tag)}
            {state === 'here' ? ` • ${t('file.here')}` : ''}
            {state === 'offered' ? ` • ${t('file.offered')}` : ''}
          </small>
        </span>
      </div>
      {isMoving ? <FileProgress file={file} /> : null}
      {state === 'damaged' ? (
        <p className={styles.damaged} role="alert">
          <TriangleAlert size={18} aria-hidden />
          {t('file.damaged')}
        </p>
      ) : null}
      <Acts file={file} />
    </div>
  );
}

function Acts({ file: { sid, name, state } }: { file: FileView }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy } = useCommand();
  const save = () =>
    run(async () => {
      const bytes = await client.openFile(sid);
      if (bytes instanceof Blob) saveBlob(bytes, name);
    });
  const fetch = () => void run(() => client.fetchFile(sid));
  const isMoving = state === 'uploading' || state === 'fetching';
  return (
    <div className={styles.acts}>
      {isMoving ? (
        <Button icon={Pause} onPress={() => void run(() => client.pauseFile(sid))}>
          {t('file.pause')}
        </Button>
      ) : null}
      {state === 'paused' ? (
        <Button icon={Play} isBusy={isBusy} onPress={fetch}>
          {t('file.resume')}
        </Button>
      ) : null}
      {isMoving || state === 'paused' ? (
        <Button icon={X} onPress={() => void run(() => client.removeFile(sid))}>
          {t('act.cancel')}
        </Button>
      ) : null}
      {state === 'offered' || state === 'damaged' ? (
        <Button icon={state === 'damaged' ? RefreshCw : Download} isBusy={isBusy} onPress={fetch}>
          {t('file.get')}
        </Button>
      ) : null}
      {state === 'here' ? (
        <Button icon={Download} isBusy={isBusy} onPress={() => void save()}>
          {t('file.save')}
        </Button>
      ) : null}
    </div>
  );
}

/** How far the file is, in words. */
function FileProgress({ file: { name, sizeBytes, state, doneBytes } }: { file: FileView }) {
  const { t, tag } = useStrings();
  const clean = cleanName(name);
  const amount = { done: sizeWords(doneBytes, tag), size: sizeWords(sizeBytes, tag) };
  const words =
    state === 'uploading'
      ? t('file.sending', amount)
      : state === 'fetching'
        ? t('file.getting', amount)
        : t('file.paused', amount);
  return (
    <Progress
      name={t('file.progressOf', { name: clean })}
      words={words}
      done={doneBytes}
      total={sizeBytes}
      says={(percent) => t('file.progress', { name: clean, percent })}
    />
  );
}
