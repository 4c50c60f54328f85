import { useEffect, useRef, useState } from 'react';
import type { CallView } from '#client/call-model.ts';
import { useStrings } from '../language/i18n.ts';
import { usePersonWords } from '../messaging/person-words.ts';
import { useMission } from '../session/client-context.tsx';
import { WifiOff } from '../ui/icons.ts';
import text from '../ui/text.module.css';
import styles from './call.module.css';

/** Says politely who joined and who left; whoever is there at first is not said. */
export function CallLines({ call }: { call: CallView }) {
  const { t } = useStrings();
  const { parties } = useMission().charter;
  const personWords = usePersonWords(parties);
  const [said, setSaid] = useState('');
  const known = useRef<ReadonlyMap<string, string>>(undefined);
  const { participants } = call;
  useEffect(() => {
    const now = new Map(
      participants.filter(({ isMe }) => !isMe).map((one) => [one.device, personWords(one)]),
    );
    const before = known.current;
    known.current = now;
    if (!before) return;
    const lines = [
      ...[...now].filter(([id]) => !before.has(id)).map(([, name]) => t('call.joined', { name })),
      ...[...before].filter(([id]) => !now.has(id)).map(([, name]) => t('call.left', { name })),
    ];
    if (lines.length > 0) setSaid(lines.join(' '));
  }, [participants, personWords, t]);
  return (
    <p className={text.unseen} aria-live="polite" data-call-lines>
      {said}
    </p>
  );
}

/** A lost line interrupts whoever listens: nothing said now is heard. */
export function LineLost({ call }: { call: CallView }) {
  const { t } = useStrings();
  if (call.step === 'connecting') {
    return (
      <p className={styles.band} role="status">
        {t('call.connecting')}
      </p>
    );
  }
  if (call.step !== 'reconnecting') return null;
  return (
    <p className={`${styles.band} ${styles.lost}`} role="alert">
      <WifiOff size={20} aria-hidden />
      {t('call.lost')}
    </p>
  );
}
