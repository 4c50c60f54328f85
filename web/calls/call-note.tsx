import type { MessageView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phone, PhoneOff } from '../ui/icons.ts';
import styles from './calls.module.css';

/** What a call of the log was, in words. */
export function useCallWords(): (message: MessageView) => string {
  const { t } = useStrings();
  return ({ call, isMine }) => {
    if (!call) return t('call.title');
    const { kind, state, durationMs } = call;
    if (state === 'on') return t('calls.on');
    if (state === 'ended' && durationMs !== undefined) {
      const count = Math.max(1, Math.round(durationMs / 60_000));
      return t(kind === 'conference' ? 'calls.conferenceLasted' : 'calls.lasted', { count });
    }
    if (state === 'ended')
      return t(kind === 'conference' ? 'calls.conferenceEnded' : 'calls.ended');
    return isMine ? t(`calls.${state}`) : t('calls.missed');
  };
}

/** True for a call that nobody here took. */
export function isMissed({ call, isMine }: MessageView): boolean {
  return !isMine && (call?.state === 'no-answer' || call?.state === 'busy');
}

/** A call as a line of the log. */
export function CallNote({ message }: { message: MessageView }) {
  const words = useCallWords();
  const Icon = isMissed(message) ? PhoneOff : Phone;
  return (
    <span className={styles.note}>
      <Icon size={20} aria-hidden />
      {words(message)}
    </span>
  );
}
