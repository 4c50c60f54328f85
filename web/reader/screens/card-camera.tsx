import { useEffect, useRef, useState } from 'react';
import { ScanLine } from '../../ui/icons.ts';
import { useWords } from '../strings/words.ts';
import { watchForCode } from './code-camera.ts';
import { Press } from './press.tsx';
import styles from './reader.module.css';

/** Reads the code of a key card with the camera, where the browser can do both. */
export function CardCamera({ onText }: { onText: (text: string) => void }) {
  const { t } = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<'off' | 'on' | 'none'>('off');
  const isOn = state === 'on';
  useEffect(() => {
    if (!isOn || !video.current) return undefined;
    const watch = new AbortController();
    void watchForCode(video.current, watch.signal).then((text) => {
      if (watch.signal.aborted) return;
      if (text !== undefined) onText(text);
      setState(text === undefined ? 'none' : 'off');
    });
    return () => watch.abort();
  }, [isOn, onText]);
  return (
    <div className={styles.stack}>
      {isOn ? <video ref={video} muted playsInline autoPlay className={styles.camera} /> : null}
      <div>
        <Press icon={ScanLine} onPress={() => setState(isOn ? 'off' : 'on')}>
          {t(isOn ? 'unlock.stop' : 'unlock.scan')}
        </Press>
      </div>
      {state === 'none' ? <p role="status">{t('unlock.noCamera')}</p> : null}
    </div>
  );
}
