import type { Membership, Topics } from './access.ts';

/** A topic name, taken apart. The kinds are those of DECISIONS, "Topics". */
export type Topic =
  | { kind: 'head' | 'event' | 'frontier'; tp: string; device: string }
  | { kind: 'mailbox'; to: string; from: string }
  | { kind: 'own'; member: string; device: string }
  | { kind: 'box'; device: string };

const SWARM_KINDS = new Map([
  ['h', 'head'],
  ['e', 'event'],
  ['f', 'frontier'],
] as const);

/**
 * 32 bytes in lower-case base32: 52 characters, the last with four unused zero bits,
 * so that one fingerprint has one spelling and no second topic of its own.
 */
const FINGERPRINT = /^[a-z2-7]{51}[aq]$/;
/** 16 bytes in lower-case base32: 26 characters, the last with two unused zero bits. */
const TOPIC_NAME = /^[a-z2-7]{25}[aeimquy4]$/;

/** Is this a well-formed fingerprint of a device or member? */
export function isFingerprint(text: string): boolean {
  return FINGERPRINT.test(text);
}

/** Takes a topic apart; undefined for everything that is not exactly one of the kinds. */
export function parseTopic(topic: string): Topic | undefined {
  const [first, second = '', third = '', fourth = '', ...rest] = topic.split('/');
  const levels = topic.split('/').length;
  if (rest.length > 0) return undefined;
  if (first === 's' && levels === 4) {
    const kind = SWARM_KINDS.get(third as 'h' | 'e' | 'f');
    if (!kind || !TOPIC_NAME.test(second) || !isFingerprint(fourth)) return undefined;
    return { kind, tp: second, device: fourth };
  }
  if (first === 'd' && levels === 3 && isFingerprint(second) && isFingerprint(third)) {
    return { kind: 'mailbox', to: second, from: third };
  }
  if (first === 'u' && levels === 3 && isFingerprint(second) && isFingerprint(third)) {
    return { kind: 'own', member: second, device: third };
  }
  if (first === 'b' && levels === 2 && isFingerprint(second)) {
    return { kind: 'box', device: second };
  }
  return undefined;
}

/** May the box itself publish there? Heads after admission, and hints to one device. */
export function isBoxTopic(topic: string): boolean {
  const kind = parseTopic(topic)?.kind;
  return kind === 'head' || kind === 'box';
}

/** Is this a topic whose messages wait for a device that is away? Signals of the moment do not. */
export function isKept(topic: string): boolean {
  const kind = parseTopic(topic)?.kind;
  return kind === 'mailbox' || kind === 'own';
}

/** The rights of DECISIONS, "Topics", read from the membership of this moment. */
export function topicRights(membership: Membership): Topics {
  return {
    mayPublish(device, topic) {
      const self = membership.member(device);
      const to = parseTopic(topic);
      if (!self || !to) return false;
      switch (to.kind) {
        case 'event':
        case 'frontier':
          return to.device === device && membership.maySeeTopic(device, to.tp);
        case 'mailbox':
          return to.from === device && membership.member(to.to) !== undefined;
        case 'own':
          return to.device === device && to.member === self.member;
        case 'head':
        case 'box':
          return false;
      }
    },
    mayFilter(device, filter) {
      const self = membership.member(device);
      if (!self) return false;
      if (filter === `b/${device}` || filter === `d/${device}/+`) return true;
      if (filter === `u/${self.member}/+`) return true;
      const [first, tp = '', kind = '', last, ...rest] = filter.split('/');
      const shaped = first === 's' && last === '+' && rest.length === 0;
      if (!shaped || !TOPIC_NAME.test(tp) || !SWARM_KINDS.has(kind as 'h' | 'e' | 'f'))
        return false;
      return membership.maySeeTopic(device, tp);
    },
    mayReceive(device, topic) {
      const self = membership.member(device);
      const from = parseTopic(topic);
      if (!self || !from) return false;
      switch (from.kind) {
        case 'head':
        case 'event':
        case 'frontier':
          return membership.maySeeTopic(device, from.tp);
        case 'mailbox':
          return from.to === device;
        case 'own':
          return from.member === self.member;
        case 'box':
          return from.device === device;
      }
    },
  };
}
