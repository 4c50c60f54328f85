import type { CallView } from '#client/call-model.ts';
import { useStrings } from '../language/i18n.ts';
import { useMission } from '../session/client-context.tsx';
import { Wait } from '../ui/surface.tsx';
import { CallFrame, Duration } from './call-frame.tsx';
import styles from './call.module.css';
import { Controls } from './controls.tsx';
import { CallLines, LineLost } from './call-lines.tsx';
import { Tile } from './tile.tsx';
import { useCallKeys } from './use-call-keys.ts';

/** Two people: the other one large, oneself small in the corner. */
export function OneToOne({ call, onBack }: { call: CallView; onBack: () => void }) {
  const { t } = useStrings();
  const { parties } = useMission().charter;
  useCallKeys(call);
  const me = call.participants.find(({ isMe }) => isMe);
  const other = call.participants.find(({ isMe }) => !isMe);
  const path = call.path === undefined ? undefined : call.path === 'direct' ? 'direct' : 'box';
  return (
    <CallFrame
      call={call}
      back={onBack}
      sub={
        <>
          <Duration />
          {path ? <span data-path={call.path}> • {t(`call.path.${path}`)}</span> : null}
        </>
      }
      controls={<Controls call={call} />}
    >
      <CallLines call={call} />
      <LineLost call={call} />
      <section className={styles.pair} aria-label={t('call.people')}>
        {other ? (
          other.hasScreen ? (
            <Tile person={other} parties={parties} kind="screen" isBig />
          ) : (
            <Tile person={other} parties={parties} isBig />
          )
        ) : (
          <Wait>{t('call.connecting')}</Wait>
        )}
        {me ? (
          <div className={styles.own}>
            <Tile person={me} parties={parties} />
          </div>
        ) : null}
      </section>
    </CallFrame>
  );
}
