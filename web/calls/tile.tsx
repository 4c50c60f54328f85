import type { ParticipantView } from '#client/call-model.ts';
import type { PartyView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { usePersonWords } from '../messaging/person-words.ts';
import { MicOff, MonitorUp, ShieldAlert, Volume2 } from '../ui/icons.ts';
import { Avatar, Name, PartyBadge } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import text from '../ui/text.module.css';
import styles from './call.module.css';
import { usePlayed, useStream } from './stream.ts';

/** One person, or what they share, as a picture with their name and state in words. */
export function Tile({
  person,
  parties,
  kind = 'camera',
  isBig = false,
}: {
  person: ParticipantView;
  parties: readonly PartyView[];
  kind?: 'camera' | 'screen';
  isBig?: boolean;
}) {
  const { t } = useStrings();
  const party = partyAt(parties, person.slot);
  const name = usePersonWords(parties)(person);
  const isScreen = kind === 'screen';
  const isSeen = isScreen ? person.hasScreen : person.hasVideo;
  const isTrusted = person.voice === 'verified';
  return (
    <div
      className={[
        styles.tile,
        isBig ? styles.big : '',
        isScreen ? styles.shared : '',
        person.isSpeaking && !isScreen ? styles.speaking : '',
        isTrusted ? '' : styles.doubted,
      ].join(' ')}
      data-person={person.device}
    >
      {isSeen ? (
        <Picture device={person.device} kind={kind} isOwn={person.isMe && !isScreen} />
      ) : (
        <span className={styles.faceless}>
          <Avatar name={name} party={party} />
        </span>
      )}
      {isTrusted || isScreen ? null : (
        <p className={styles.doubt} role="alert">
          <ShieldAlert size={22} aria-hidden />
          <span>
            <Phrase of="call.notSigned" values={{ name }} />
          </span>
        </p>
      )}
      <p className={styles.name}>
        {party ? <PartyBadge party={party} /> : null}
        <span className={text.clip}>
          {isScreen ? (
            <Phrase of="call.screenOf" values={{ name }} />
          ) : person.isMe ? (
            t('call.you')
          ) : (
            <Name>{name}</Name>
          )}
        </span>
        <State person={person} isScreen={isScreen} />
      </p>
    </div>
  );
}

function State({ person, isScreen }: { person: ParticipantView; isScreen: boolean }) {
  const { t } = useStrings();
  const [Icon, words] = isScreen
    ? ([MonitorUp, ''] as const)
    : !person.hasAudio
      ? ([MicOff, t('call.muted')] as const)
      : person.isSpeaking
        ? ([Volume2, t('call.speaks')] as const)
        : ([undefined, ''] as const);
  return (
    <>
      {Icon ? <Icon size={16} aria-hidden /> : null}
      {words === '' ? null : <span className={text.unseen}>{words}</span>}
    </>
  );
}

/** A moving picture without sound. */
export function Picture({
  device,
  kind,
  isOwn,
}: {
  device: string;
  kind: 'camera' | 'screen';
  isOwn: boolean;
}) {
  const player = usePlayed<HTMLVideoElement>(useStream(device, kind));
  return (
    <video
      ref={player}
      className={`${styles.video} ${isOwn ? styles.mirrored : ''}`}
      muted
      autoPlay
      playsInline
      disablePictureInPicture
      aria-hidden
    />
  );
}
