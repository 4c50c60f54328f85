import { type ReactNode, useEffect, useState } from 'react';
import type { CallView } from '#client/call-model.ts';
import { useStrings } from '../language/i18n.ts';
import { usePersonWords } from '../messaging/person-words.ts';
import { useMission } from '../session/client-context.tsx';
import { useTitle } from '../session/title.ts';
import { IconButton } from '../ui/button.tsx';
import { ChevronLeft, Lock } from '../ui/icons.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import { Name } from '../ui/party/party-badge.tsx';
import { Pill } from '../ui/surface.tsx';
import styles from './call.module.css';

/** The dark stage of a call: header, what is seen, what is done. */
export function CallFrame({
  call,
  sub,
  back,
  tools,
  children,
  controls,
}: {
  call: CallView;
  sub?: ReactNode;
  back?: () => void;
  tools?: ReactNode;
  children: ReactNode;
  controls?: ReactNode;
}) {
  const { t } = useStrings();
  const personWords = usePersonWords(useMission().charter.parties);
  // A call between two is named for the other; the conversation stands for a conference.
  const other = call.participants.find(({ isMe }) => !isMe);
  const title = call.kind === 'one-to-one' && other ? personWords(other) : cleanName(call.title);
  const words = title === '' ? t('call.title') : title;
  useTitle(words);
  return (
    <div className={styles.stage} data-stage>
      <header className={styles.head} role="banner">
        {back ? <IconButton name={t('act.back')} icon={ChevronLeft} onPress={back} /> : null}
        <div className={styles.titles}>
          <h1>
            <Name>{words}</Name>
          </h1>
          {sub ? <div className={styles.sub}>{sub}</div> : null}
        </div>
        <Pill icon={Lock} tone="ok">
          {t('call.encrypted')}
        </Pill>
        {tools}
      </header>
      <main id="main" tabIndex={-1} className={styles.main}>
        {children}
      </main>
      {controls}
    </div>
  );
}

/** Minutes and seconds since this device saw the call begin. */
export function Duration() {
  const [startMs] = useState(() => Date.now());
  const [nowMs, setNow] = useState(startMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((nowMs - startMs) / 1000));
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <span dir="ltr" role="timer" aria-live="off">
      {clock}
    </span>
  );
}
