import type { CallView } from '#client/call-model.ts';
import { type StringKey, useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { usePersonWords } from '../messaging/person-words.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { useProblemWords } from '../session/problem-words.ts';
import { Button } from '../ui/button.tsx';
import { Phone } from '../ui/icons.ts';
import { Avatar, PartyName } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { CallFrame } from './call-frame.tsx';
import styles from './call.module.css';
import { Leave } from './controls.tsx';

/** A call that rings elsewhere, until somebody answers. */
export function Outgoing({ call }: { call: CallView }) {
  const { t } = useStrings();
  const client = useClient();
  const { ringing = 0 } = call;
  return (
    <CallFrame
      call={call}
      controls={
        <div className={styles.controls}>
          <Leave
            name={t('call.cancel')}
            short={t('act.cancel')}
            onPress={() => client.leaveCall()}
          />
        </div>
      }
    >
      <Face call={call}>
        <p role="status">
          {ringing > 0 ? t('call.ringing', { count: ringing }) : t('call.calling')}
        </p>
      </Face>
    </CallFrame>
  );
}

/** How a call ended, in words, with what one can do now. */
export function Ended({ call, onClose }: { call: CallView; onClose: () => void }) {
  const { t } = useStrings();
  const client = useClient();
  const { run } = useCommand();
  const problemWords = useProblemWords();
  const { parties } = useMission().charter;
  const personWords = usePersonWords(parties);
  const other = call.participants.find(({ isMe }) => !isMe);
  const why = call.ended ?? 'hangup';
  const problem = call.problem ? problemWords(call.problem) : undefined;
  const isOneToOne = call.kind === 'one-to-one';
  return (
    <CallFrame call={call} back={onClose}>
      <Face call={call}>
        <p role="status">
          <Phrase
            of={`call.ended.${why}` as StringKey}
            values={{ name: other ? personWords(other) : call.title }}
          />
        </p>
        {problem ? (
          <p>
            {problem.says} {problem.advice}
          </p>
        ) : null}
        <div className={styles.choices}>
          {isOneToOne && other && why !== 'elsewhere' ? (
            <Button
              icon={Phone}
              onPress={() => void run(() => client.call(call.cid, other.person, call.wantsVideo))}
            >
              {t('call.back')}
            </Button>
          ) : null}
          <Button look="primary" onPress={onClose}>
            {t('act.close')}
          </Button>
        </div>
      </Face>
    </CallFrame>
  );
}

/** The other person of a call, large. */
function Face({ call, children }: { call: CallView; children: React.ReactNode }) {
  const { parties } = useMission().charter;
  const personWords = usePersonWords(parties);
  const other = call.participants.find(({ isMe }) => !isMe);
  const party = other ? partyAt(parties, other.slot) : undefined;
  return (
    <div className={styles.face}>
      {other && call.kind === 'one-to-one' ? (
        <span className={styles.large}>
          <Avatar name={personWords(other)} party={party} />
        </span>
      ) : null}
      {party ? <PartyName party={party} /> : null}
      {children}
    </div>
  );
}
