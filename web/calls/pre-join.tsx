import { useState } from 'react';
import type { CallView } from '#client/call-model.ts';
import { useStrings } from '../language/i18n.ts';
import { usePersonWords } from '../messaging/person-words.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { AriaButton } from '../ui/aria.ts';
import { Avatar } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { CallFrame } from './call-frame.tsx';
import styles from './call.module.css';
import { CameraControl, MicrophoneControl } from './controls.tsx';
import { DevicePickers } from './device-pickers.tsx';
import { LevelMeter } from './level-meter.tsx';
import { useStream } from './stream.ts';
import { Picture } from './tile.tsx';

/** Faces shown of the people who are inside already. */
const mostFaces = 4;

/** Refusal of a browser that cannot encrypt: it is not let in to talk in clear. */
const noEncryption = 'CALL_NO_ENCRYPTION';

/** Before joining: how one looks and sounds, with which devices, and who is inside. */
export function PreJoin({ call, onLeave }: { call: CallView; onLeave: () => void }) {
  const { t } = useStrings();
  const client = useClient();
  const { charter } = useMission();
  const { run, isBusy, problem } = useCommand({ here: true });
  const personWords = usePersonWords(charter.parties);
  const me = call.participants.find(({ isMe }) => isMe);
  const inside = call.participants.filter(({ isMe }) => !isMe);
  const shown = problem ?? call.problem;
  // Who presses Camera and Join at once means to be seen, though the camera is still opening.
  const [wantsCamera, setWantsCamera] = useState(call.camera);
  const stream = useStream(me?.device ?? '', 'camera');
  return (
    <CallFrame call={call} sub={t('call.before')} back={onLeave}>
      <div className={styles.preJoin}>
        <div className={styles.preview}>
          {me && call.camera ? (
            <Picture device={me.device} kind="camera" isOwn />
          ) : (
            <p className={styles.noPicture}>{t('call.cameraOff')}</p>
          )}
          {call.microphone ? null : <span className={styles.badge}>{t('call.joinMuted')}</span>}
          <div className={styles.over}>
            <MicrophoneControl call={call} />
            <CameraControl call={call} onWish={setWantsCamera} />
          </div>
        </div>
        <div className={styles.ready}>
          <ProblemNote problem={shown} />
          <LevelMeter stream={stream} isOn={call.microphone} />
          <DevicePickers stream={stream} />
          {call.kind === 'conference' ? (
            <p className={styles.inside}>
              {inside.slice(0, mostFaces).map((person) => (
                <Avatar
                  key={person.device}
                  name={personWords(person)}
                  party={partyAt(charter.parties, person.slot)}
                  isSmall
                />
              ))}
              <span>{t('call.inside', { count: inside.length })}</span>
            </p>
          ) : null}
          <AriaButton
            className={styles.join ?? ''}
            isPending={isBusy}
            isDisabled={shown?.code === noEncryption}
            onPress={() => void run(() => client.joinCall(wantsCamera))}
          >
            {t('call.join')}
          </AriaButton>
          <p className={styles.promise}>{t('call.promise')}</p>
        </div>
      </div>
    </CallFrame>
  );
}
