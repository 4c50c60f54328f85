import { createHash } from 'node:crypto';
import { readXorAddress, type Peer } from './addresses.ts';
import type { PeerPolicy } from './peer-policy.ts';
import { isWellFormed, KNOWN, PASSED_ON } from './attributes.ts';
import {
  ATTRIBUTE,
  encodeStun,
  hasFingerprint,
  hasIntegrity,
  parseStun,
  type StunMessage,
} from './stun.ts';

/** What to do with a datagram of a client. */
export type Verdict =
  | { do: 'drop' }
  | { do: 'reply'; datagram: Buffer }
  /** For the library: a datagram that we wrote anew, with only what it understands. */
  | { do: 'pass'; datagram: Buffer }
  | { do: 'send'; peer: Peer; data: Buffer };

/** What the door decides with. */
export interface DoorDeps {
  realm: string;
  /** The password of a valid user name. */
  passwordOf(username: string): string | undefined;
  policy: PeerPolicy;
}

const METHOD = {
  binding: 1,
  allocate: 3,
  refresh: 4,
  send: 6,
  createPermission: 8,
  channelBind: 9,
};
const REQUESTS = new Set([
  METHOD.binding,
  METHOD.allocate,
  METHOD.refresh,
  METHOD.createPermission,
  METHOD.channelBind,
]);
const drop: Verdict = { do: 'drop' };

/**
 * Looks at each STUN datagram before the library does. The library compares in
 * variable time, reads attributes that no signature covers, and throws on those it
 * does not know; so it is only shown messages that were checked and written by us.
 */
export function judge(datagram: Buffer, deps: DoorDeps): Verdict {
  const message = parseStun(datagram);
  if (!message) return drop;
  const fingerprint = find(message, ATTRIBUTE.fingerprint);
  if (fingerprint && !hasFingerprint(message, fingerprint)) return drop;
  if (message.kind === 1) return judgeSend(message, deps);
  if (message.kind !== 0 || !REQUESTS.has(message.method)) return drop;

  const key = keyOf(message, deps);
  const signed = signedAttributes(message);
  const refuse = (
    code: number,
    reason: string,
    extra?: { type: number; value: Buffer },
  ): Verdict => ({
    do: 'reply',
    datagram: encodeStun({
      kind: 3,
      method: message.method,
      transaction: message.transaction,
      attributes: [errorCode(code, reason), ...(extra ? [extra] : [])],
      key,
      hasFingerprint: fingerprint !== undefined,
    }),
  });
  const pass = (): Verdict => ({
    do: 'pass',
    datagram: encodeStun({
      kind: 0,
      method: message.method,
      transaction: message.transaction,
      attributes: signed.filter(({ type }) => PASSED_ON.has(type)),
      key,
      hasFingerprint: fingerprint !== undefined,
    }),
  });

  if (!signed.every(isWellFormed)) return refuse(400, 'Bad Request');
  // Without a valid signature it goes on unsigned, and is answered with 401 and a nonce.
  if (message.method !== METHOD.binding && !key) return pass();
  const unknown = signed
    .map(({ type }) => type)
    .filter((type) => type < 0x8000 && !KNOWN.has(type));
  if (unknown.length > 0) return refuse(420, 'Unknown Attribute', unknownAttributes(unknown));
  if (signed.some(({ type }) => type === ATTRIBUTE.reservationToken)) {
    return refuse(508, 'Insufficient Capacity');
  }
  const family = signed.find(({ type }) => type === ATTRIBUTE.requestedAddressFamily);
  if (family && family.value[0] !== 1) return refuse(440, 'Address Family not Supported');
  const peers = signed
    .filter(({ type }) => type === ATTRIBUTE.xorPeerAddress)
    .map(({ value }) => readXorAddress(value));
  if (peers.includes(undefined)) return refuse(443, 'Peer Address Family Mismatch');
  const isAllowed = (peer: Peer | undefined): boolean =>
    peer !== undefined &&
    (message.method === METHOD.channelBind
      ? deps.policy.mayReach(peer.address, peer.port)
      : deps.policy.mayPermit(peer.address));
  return peers.every(isAllowed) ? pass() : refuse(403, 'Forbidden');
}

/** A Send indication carries no signature; permission and policy are asked where it is sent. */
function judgeSend(message: StunMessage, { policy }: DoorDeps): Verdict {
  if (message.method !== METHOD.send) return drop;
  const peer = find(message, ATTRIBUTE.xorPeerAddress);
  const data = find(message, ATTRIBUTE.data);
  const to = peer && readXorAddress(peer.value);
  const isUnknown = message.attributes.some(({ type }) => type < 0x8000 && !KNOWN.has(type));
  if (!to || !data || isUnknown || !policy.mayReach(to.address, to.port)) return drop;
  return { do: 'send', peer: to, data: data.value };
}

/** The long-term key (RFC 8489 §9.2.2) if the message is signed with it. */
function keyOf(message: StunMessage, deps: DoorDeps): Buffer | undefined {
  const integrity = find(message, ATTRIBUTE.messageIntegrity);
  const username = find(message, ATTRIBUTE.username)?.value.toString();
  if (!integrity || username === undefined) return undefined;
  const password = deps.passwordOf(username);
  if (password === undefined) return undefined;
  const key = createHash('md5').update(`${username}:${deps.realm}:${password}`).digest();
  return hasIntegrity(message, integrity, key) ? key : undefined;
}

/** Attributes after MESSAGE-INTEGRITY are signed by nobody and must be ignored (RFC 8489 §14.5). */
function signedAttributes(message: StunMessage): StunMessage['attributes'] {
  const at = message.attributes.findIndex(({ type }) => type === ATTRIBUTE.messageIntegrity);
  return at < 0 ? message.attributes : message.attributes.slice(0, at);
}

function find(message: StunMessage, type: number): StunMessage['attributes'][number] | undefined {
  return message.attributes.find((attribute) => attribute.type === type);
}

function errorCode(code: number, reason: string): { type: number; value: Buffer } {
  const value = Buffer.from([0, 0, Math.floor(code / 100), code % 100, ...Buffer.from(reason)]);
  return { type: ATTRIBUTE.errorCode, value };
}

function unknownAttributes(types: number[]): { type: number; value: Buffer } {
  const value = Buffer.alloc(types.length * 2);
  for (const [index, type] of types.entries()) value.writeUInt16BE(type, index * 2);
  return { type: ATTRIBUTE.unknownAttributes, value };
}
