import { lazy, Suspense, useEffect, useRef } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useView } from '../session/client-context.tsx';
import { useGo, usePath } from '../session/route.tsx';
import { Button } from '../ui/button.tsx';
import { Phone } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { Wait } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import styles from './calls.module.css';

// Fetched when a call begins; the first page stays as small as without calls.
const Incoming = lazy(() => import('./stage.ts').then(({ Incoming }) => ({ default: Incoming })));
const CallSound = lazy(() =>
  import('./stage.ts').then(({ CallSound }) => ({ default: CallSound })),
);
const Screen = lazy(() => import('./stage.ts').then(({ CallScreen }) => ({ default: CallScreen })));
const Calls = lazy(() => import('./calls.tsx').then(({ Calls }) => ({ default: Calls })));

/** Rings, leads to a call that begins, and keeps its sound playing on every screen. */
export function CallWatch() {
  const { call, incoming } = useView();
  const go = useGo();
  const shown = useRef<string>(undefined);
  const id = call?.id;
  useEffect(() => {
    if (id !== undefined && id !== shown.current) go(`/call/${id}`);
    shown.current = id;
  }, [id, go]);
  return (
    <Suspense fallback={null}>
      {incoming ? <Incoming call={incoming} /> : null}
      {call && call.step !== 'ended' ? <CallSound call={call} /> : null}
    </Suspense>
  );
}

/** The screen of the call. */
export function Call() {
  const { t } = useStrings();
  return (
    <Suspense
      fallback={
        <main id="main" className={styles.opening} data-stage data-waiting>
          <h1 className={text.unseen}>{t('call.title')}</h1>
          <Wait>{t('call.opening')}</Wait>
        </main>
      }
    >
      <Screen />
    </Suspense>
  );
}

/** The list of calls. */
export function CallList() {
  const { t } = useStrings();
  return (
    <Suspense
      fallback={
        <Pane title={t('calls.title')} heading={t('calls.title')}>
          <div data-waiting>
            <Wait>{t('call.opening')}</Wait>
          </div>
        </Pane>
      }
    >
      <Calls />
    </Suspense>
  );
}

/** The way back to a call that goes on while another screen is shown. */
export function CallBar() {
  const { t } = useStrings();
  const { call } = useView();
  const go = useGo();
  const path = usePath();
  if (!call || path.startsWith('/call/')) return null;
  return (
    <div className={styles.bar} data-stage>
      <Button icon={Phone} isWide onPress={() => go(`/call/${call.id}`)}>
        {t('call.backTo')}
      </Button>
    </div>
  );
}
