import { useEffect, useRef, useState } from 'react';
import { type CameraState, watchCamera } from '../arriving/watch-camera.ts';
import { useStrings } from '../language/i18n.ts';
import { Note, Wait } from '../ui/surface.tsx';
import styles from './keys.module.css';

/** The camera looking for a code; off again when this is gone. */
export function CardFinder({ onText }: { onText: (text: string) => void }) {
  const { t } = useStrings();
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<CameraState>('starting');
  const found = useRef(onText);
  found.current = onText;
  useEffect(() => {
    if (!video.current) return;
    const ending = new AbortController();
    const events = {
      state: setState,
      track: () => {},
      text: (text: string) => found.current(text),
    };
    void watchCamera(video.current, 'environment', events, ending.signal);
    return () => ending.abort();
  }, []);
  return (
    <>
      <video
        ref={video}
        className={styles.finder}
        hidden={state !== 'on'}
        autoPlay
        muted
        playsInline
        aria-label={t('scan.finder')}
      />
      {state === 'starting' ? <Wait>{t('scan.starting')}</Wait> : null}
      {state === 'denied' || state === 'none' ? (
        <Note tone="attention">{t('keyCard.noCamera')}</Note>
      ) : null}
    </>
  );
}
