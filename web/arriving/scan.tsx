import { useEffect, useRef, useState } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { useGo } from '../session/route.tsx';
import { Button } from '../ui/button.tsx';
import { SquarePen, SwitchCamera, Zap } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { Note, Wait } from '../ui/surface.tsx';
import styles from './arriving.module.css';
import { isParleyCode } from './parley-code.ts';
import { TypeCode } from './type-code.tsx';
import { type CameraState, watchCamera } from './watch-camera.ts';

/** Camera, and what to do without one. */
export function Scan() {
  const { t } = useStrings();
  const client = useClient();
  const go = useGo();
  const { run, problem } = useCommand({ here: true });
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<CameraState>('starting');
  const [track, setTrack] = useState<MediaStreamTrack>();
  const [facing, setFacing] = useState<'environment' | 'user'>('environment');
  const [attempt, setAttempt] = useState(0);
  const [isForeign, setForeign] = useState(false);
  const [isTyping, setTyping] = useState(false);

  useEffect(() => {
    if (!video.current) return;
    const ending = new AbortController();
    const text = async (found: string) => {
      setForeign(!isParleyCode(found));
      if (isParleyCode(found) && (await run(() => client.enter(found)))) go('/', { replace: true });
    };
    const events = { state: setState, track: setTrack, text: (found: string) => void text(found) };
    void watchCamera(video.current, facing, events, ending.signal);
    return () => ending.abort();
  }, [facing, attempt, client, go, run]);

  const canLight = (track?.getCapabilities() as { torch?: boolean } | undefined)?.torch === true;
  const light = () =>
    void track?.applyConstraints({ advanced: [{ torch: true } as MediaTrackConstraintSet] });
  return (
    <Pane title={t('scan.title')} heading={t('scan.title')} back="/">
      <div className={styles.finder} hidden={state === 'denied' || state === 'none'}>
        <video ref={video} autoPlay muted playsInline aria-label={t('scan.finder')} />
        <span className={styles.frame} aria-hidden />
      </div>
      {state === 'starting' ? <Wait>{t('scan.starting')}</Wait> : null}
      {state === 'on' ? <p>{t('scan.hint')}</p> : null}
      {state === 'denied' ? <Note tone="bad">{t('scan.denied')}</Note> : null}
      {state === 'none' ? <Note tone="attention">{t('scan.none')}</Note> : null}
      {isForeign ? <Note tone="bad">{t('scan.foreign')}</Note> : null}
      <ProblemNote problem={problem} />
      <div className={styles.buttons}>
        {state === 'denied' ? (
          <Button onPress={() => setAttempt(attempt + 1)}>{t('scan.again')}</Button>
        ) : null}
        {state === 'on' ? (
          <Button
            icon={SwitchCamera}
            onPress={() => setFacing(facing === 'user' ? 'environment' : 'user')}
          >
            {t('scan.switch')}
          </Button>
        ) : null}
        {canLight ? (
          <Button icon={Zap} onPress={light}>
            {t('scan.light')}
          </Button>
        ) : null}
        <Button icon={SquarePen} look="primary" onPress={() => setTyping(true)}>
          {t('scan.typeInstead')}
        </Button>
      </div>
      <TypeCode isOpen={isTyping} onClose={() => setTyping(false)} />
    </Pane>
  );
}
