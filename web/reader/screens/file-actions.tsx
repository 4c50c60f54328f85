import { useEffect, useState } from 'react';
import { saveBlob } from '../../files/save-blob.ts';
import { sizeWords } from '../../files/size.ts';
import { Download, Eye } from '../../ui/icons.ts';
import { pictureType } from '../record/extract.ts';
import type { Entry } from '../record/model.ts';
import { useWords } from '../strings/words.ts';
import styles from './entry.module.css';
import { Press } from './press.tsx';
import { useSession } from './session-context.ts';

type State =
  | { at: 'closed' | 'missing' | 'damaged' }
  | { at: 'opening'; share: number }
  | { at: 'shown'; address: string };

/** A file of the record: decrypted and checked only when somebody asks for it. */
export function FileActions({ file }: { file: NonNullable<Entry['file']> }) {
  const { language, t } = useWords();
  const session = useSession();
  const [state, setState] = useState<State>({ at: 'closed' });
  const type = pictureType(file.name);
  const address = state.at === 'shown' ? state.address : undefined;
  useEffect(() => () => void (address && URL.revokeObjectURL(address)), [address]);

  const open = async (become: (blob: Blob) => State): Promise<void> => {
    setState({ at: 'opening', share: 0 });
    const opened = await session
      .file(file.offer, (share) => setState({ at: 'opening', share }))
      .catch(() => ({ state: 'damaged' as const }));
    setState(opened.state === 'open' ? become(opened.blob) : { at: opened.state });
  };
  const save = (blob: Blob): State => {
    saveBlob(blob, file.name);
    return { at: 'closed' };
  };
  const show = (blob: Blob): State => ({
    at: 'shown',
    address: URL.createObjectURL(new Blob([blob], { type: type ?? '' })),
  });

  const isBusy = state.at === 'opening';
  return (
    <div className={styles.file}>
      {type && state.at !== 'shown' ? (
        <Press icon={Eye} isDisabled={isBusy} onPress={() => void open(show)}>
          {t('file.show')}
        </Press>
      ) : null}
      <Press icon={Download} isDisabled={isBusy} onPress={() => void open(save)}>
        {t('file.save')}
      </Press>
      <span className={styles.small}>{sizeWords(file.size, language.tag)}</span>
      <span role="status">
        {isBusy ? t('file.opening', { percent: Math.floor(state.share * 100) }) : null}
        {state.at === 'missing' || state.at === 'damaged' ? t(`file.${state.at}`) : null}
      </span>
      {address === undefined ? null : (
        <img className={styles.picture} src={address} alt={file.name} />
      )}
    </div>
  );
}
