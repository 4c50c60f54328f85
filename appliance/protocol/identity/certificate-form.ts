import { isFingerprint } from '../codec/fingerprint.ts';
import { b64u, fields, integer, list, oneOf, type Guard } from '../codec/shape.ts';

/** Who a party is: its Ed25519 key. */
export interface PartyBody {
  v: 1;
  t: 'party';
  /** 16 random bytes. */
  id: string;
  pk: string;
}

/** A person of a party. A guest's certificate is good in the named rooms only (M12). */
export interface MemberBody {
  v: 1;
  t: 'member';
  id: string;
  pk: string;
  /** The party. */
  p: string;
  /** Inbox X25519 key. */
  x: string;
  k?: 1;
  rooms?: string[];
}

/** A device of a member. */
export interface DeviceBody {
  v: 1;
  t: 'device';
  id: string;
  pk: string;
  /** X25519 key for epoch boxes. */
  x: string;
  /** The member. */
  m: string;
}

/** An invitation (J2). */
export interface TicketBody {
  v: 1;
  t: 'ticket';
  id: string;
  cid: string;
  p: string;
  /** Key of the ticket itself, made of the secret in the code. */
  ipk: string;
  kind: 'person' | 'open' | 'guest';
  /** How many may join with it, 1…256; exactly 1 for a person. */
  n: number;
  rooms: string[];
  /** 16 bytes; names the ticket in commits and claims. */
  serial: string;
  /** The lead who issued it. */
  m: string;
  /** Its key may sign member certificates (J5). */
  dg?: 1;
}

/** The signed part of any certificate. */
export type CertificateBody = PartyBody | MemberBody | DeviceBody | TicketBody;

/** A body with its subject's proof of possession `w`, not issued yet (J3). */
export interface Application<B extends CertificateBody> {
  c: B;
  w: string;
}

/** A body, the issuer's signature `s` and the subject's `w` (SWARM §3.2). */
export interface Certificate<B extends CertificateBody = CertificateBody> extends Application<B> {
  s: string;
}

/** Type → body, for readers that know what they expect. */
export interface Bodies {
  party: PartyBody;
  member: MemberBody;
  device: DeviceBody;
  ticket: TicketBody;
}

/** Rooms a certificate or ticket can name; bounds the size of a tree entry (L1). */
const maxRooms = 32;
const always = { v: oneOf(1), id: b64u(16) };
const memberFields = { ...always, t: oneOf('member'), pk: b64u(32), p: isFingerprint, x: b64u(32) };
const isPlainMember = fields(memberFields);
const isGuest = fields({ ...memberFields, k: oneOf(1), rooms: list(isFingerprint, 1, maxRooms) });
const hasTicketFields = fields(
  {
    ...always,
    t: oneOf('ticket'),
    cid: isFingerprint,
    p: isFingerprint,
    ipk: b64u(32),
    kind: oneOf('person', 'open', 'guest'),
    n: integer(1, 256),
    rooms: list(isFingerprint, 0, maxRooms),
    serial: b64u(16),
    m: isFingerprint,
  },
  { dg: oneOf(1) },
);

/** Exact field sets of the bodies, one guard a type. */
export const bodyGuards: { [T in keyof Bodies]: Guard<Bodies[T]> } = {
  party: fields({ ...always, t: oneOf('party'), pk: b64u(32) }),
  member: (value): value is MemberBody => isPlainMember(value) || isGuest(value),
  device: fields({ ...always, t: oneOf('device'), pk: b64u(32), x: b64u(32), m: isFingerprint }),
  ticket: (value): value is TicketBody => {
    if (!hasTicketFields(value)) return false;
    if (value.kind === 'person' && value.n !== 1) return false;
    return value.kind !== 'guest' || value.rooms.length > 0;
  },
};

/** A whole certificate of a type. */
export function isCertificate<T extends keyof Bodies>(type: T): Guard<Certificate<Bodies[T]>> {
  return fields({ c: bodyGuards[type], s: b64u(64), w: b64u(64) }) as Guard<Certificate<Bodies[T]>>;
}

/** A certificate of a type that is not issued yet. */
export function isApplication<T extends keyof Bodies>(type: T): Guard<Application<Bodies[T]>> {
  return fields({ c: bodyGuards[type], w: b64u(64) }) as Guard<Application<Bodies[T]>>;
}
