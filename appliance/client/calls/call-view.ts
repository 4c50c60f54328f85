import type { CallView, ParticipantView } from '../call-model.ts';
import type { Calls } from './calls.ts';
import { isLoud } from './loudness.ts';
import type { Conference } from './conference.ts';
import type { OneToOne } from './one-to-one.ts';
import type { Source } from './ports.ts';
import type { Phase } from './ring.ts';

/** How people and rooms are called on this device. */
export interface Words {
  me: { device: string; member: string };
  nameOf(member: string): string | undefined;
  slotOf(member: string): number;
  titleOf(cid: string): string;
}

/** The call this person is in, and the one that rings, for the screens. */
export function callViews(calls: Calls, words: Words): { call?: CallView; incoming?: CallView } {
  const { current, ringing } = calls.phone ?? {};
  const conference = calls.conferences?.current;
  return {
    ...(conference && { call: ofMany(calls, conference, words) }),
    ...(current && { call: ofTwo(calls, current, words) }),
    ...(ringing && { incoming: ofTwo(calls, ringing, words) }),
  };
}

function ofTwo(calls: Calls, call: OneToOne, words: Words): CallView {
  const { media } = calls;
  const { ring, reading, subject } = call;
  const has = (source: Source) => media?.has(source) ?? false;
  const other = participant(words, subject.person, ring.peer ?? ring.ringing[0] ?? '', {
    ...call.peer,
    isSpeaking: isLoud(reading.level),
  });
  return {
    id: ring.id,
    kind: 'one-to-one',
    cid: subject.cid,
    title: words.titleOf(subject.cid),
    step: stepOf(ring.phase, ring.role),
    wantsVideo: subject.withVideo,
    ...(ring.phase === 'ringing' && ring.role === 'caller' && { ringing: ring.ringing.length }),
    ...(reading.path !== undefined && { path: reading.path }),
    participants: [self(calls, words), other],
    microphone: has('microphone'),
    camera: has('camera'),
    screen: has('screen'),
    ...(ring.end !== undefined && { ended: ring.end }),
  };
}

function ofMany(calls: Calls, conference: Conference, words: Words): CallView {
  const has = (source: Source) => calls.media?.has(source) ?? false;
  const { end, step } = conference;
  const others = conference.participants.all().map(({ device, has: kinds, isSpeaking, trust }) =>
    participant(words, calls.circle.memberOf(device) ?? '', device, {
      microphone: kinds.has('audio'),
      camera: kinds.has('video'),
      screen: kinds.has('screen'),
      isSpeaking,
      voice: trust === 'forged' || trust === 'unverified' ? trust : 'verified',
    }),
  );
  return {
    id: conference.conf,
    kind: 'conference',
    cid: conference.cid,
    title: words.titleOf(conference.cid),
    step: step === 'lost' ? 'reconnecting' : step === 'over' ? 'ended' : step,
    wantsVideo: true,
    path: 'box',
    participants: [self(calls, words), ...others],
    microphone: has('microphone'),
    camera: has('camera'),
    screen: has('screen'),
    ...(end !== undefined && { ended: end }),
  };
}

function self(calls: Calls, words: Words): ParticipantView {
  const has = (source: Source) => calls.media?.has(source) ?? false;
  return participant(words, words.me.member, words.me.device, {
    microphone: has('microphone'),
    camera: has('camera'),
    screen: has('screen'),
    isSpeaking: calls.isSpeaking,
  });
}

function stepOf(phase: Phase, role: 'caller' | 'callee'): CallView['step'] {
  switch (phase) {
    case 'ringing':
      return role === 'caller' ? 'outgoing' : 'incoming';
    case 'connecting':
      return 'connecting';
    case 'on':
      return 'on';
    case 'lost':
      return 'reconnecting';
    case 'over':
      return 'ended';
  }
}

/** What is known of somebody in a call at one moment. */
export interface Presence {
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  isSpeaking: boolean;
  /** Absent where media come straight from the device that signed for them. */
  voice?: ParticipantView['voice'];
}

/** One row or tile. */
export function participant(
  words: Words,
  person: string,
  device: string,
  presence: Presence,
): ParticipantView {
  const name = words.nameOf(person);
  return {
    person,
    device,
    ...(name !== undefined && { name }),
    slot: words.slotOf(person),
    isMe: device === words.me.device,
    hasAudio: presence.microphone,
    hasVideo: presence.camera,
    hasScreen: presence.screen,
    isSpeaking: presence.isSpeaking,
    voice: presence.voice ?? 'verified',
  };
}
