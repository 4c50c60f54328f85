import { useEffect } from 'react';
import type { CallView, ParticipantView } from '#client/call-model.ts';
import { useSpeaker } from './speaker.ts';
import { usePlayed, useStream } from './stream.ts';

/** Everybody's sound. It plays on whatever screen is shown; pictures are always mute. */
export function CallSound({ call }: { call: CallView }) {
  return call.participants
    .filter(({ isMe }) => !isMe)
    .map((person) => (
      <span key={person.device}>
        <Voice person={person} kind="camera" />
        <Voice person={person} kind="screen" />
      </span>
    ));
}

function Voice({ person, kind }: { person: ParticipantView; kind: 'camera' | 'screen' }) {
  const stream = useStream(person.device, kind);
  const player = usePlayed<HTMLAudioElement>(stream);
  const sinkId = useSpeaker();
  useEffect(() => {
    // An output that was unplugged leaves the sound where it was.
    if (player.current && 'setSinkId' in player.current)
      player.current.setSinkId(sinkId).catch(() => undefined);
  }, [sinkId, player]);
  // W5: what is not signed by that person's device is not heard.
  const isMuted = person.voice !== 'verified';
  return <audio ref={player} muted={isMuted} data-voice={person.device} />;
}
