import { equal, u64be, utf8 } from '../codec/bytes.ts';
import { decode, encode, type Json } from '../codec/canonical-json.ts';
import type { Envelope } from '../codec/commit-form.ts';
import { H, H32 } from '../codec/hash.ts';
import { b64u, fields, integer, text, type Guard } from '../codec/shape.ts';
import { fromB64u, toB64u } from '../codec/text-form.ts';
import type { Engine } from '../ports.ts';
import { refused, type Parsed } from '../verdict.ts';
import { bucketFor, buckets, isSealedLength, seal, unseal } from './seal.ts';

/** What a message says, once opened (SWARM §7.2). */
export interface Message {
  /** Type such as `text/plain`; unknown ones are shown as unsupported. */
  t: string;
  b: { [key: string]: Json };
  /** The author's claimed time in milliseconds. */
  m: number;
}

/** Where a message stands; part of key and plaintext, so that it cannot be moved elsewhere. */
export type Place = Required<Pick<Envelope, 'cid' | 'd' | 'q'>> & Pick<Envelope, 'pq'>;

/** What a writer needs to seal: the epoch key, and a secret that only this device has (K16). */
export interface Sealing {
  epochKey: Uint8Array;
  deviceSecret: Uint8Array;
}

/** A sealed body and the commitment that goes into the envelope. */
export interface SealedMessage {
  body: Uint8Array;
  pc: string;
}

const largest = buckets[buckets.length - 1] as number;
/** Latest claimed time, as R2 bounds the clear one: no calendar can show a far later moment. */
const latestMs = 2 ** 33 * 1000;
const isBody: Guard<{ [key: string]: Json }> = (value): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isPadding: Guard<string> = (value): value is string =>
  typeof value === 'string' && /^0*$/.test(value);

const isPlain = fields({
  b: isBody,
  cid: text(52, 52),
  d: text(52, 52),
  m: integer(0, latestMs),
  q: integer(0, Number.MAX_SAFE_INTEGER),
  s: b64u(32),
  t: text(1, 64),
  z: isPadding,
});

/** `Kmsg` (K16): one key a message, even if a restored profile repeats a number. */
export function messageKey(epochKey: Uint8Array, { d, q, pq }: Place): Uint8Array {
  return H32('mk', epochKey, d, u64be(q), previous(pq));
}

/**
 * Seals a message for its place. Salt and nonce come from a hash over all inputs and
 * fresh randomness (K16, K19), so neither a cloned generator nor a repeated number
 * uses one nonce for two texts. Throws RangeError if the message is too large (R1).
 */
export function sealMessage(
  engine: Engine,
  { epochKey, deviceSecret }: Sealing,
  place: Place,
  message: Message,
): SealedMessage {
  const { cid, d, q, pq } = place;
  const said = { b: message.b, cid, d, m: message.m, q, t: message.t };
  const mixed = [epochKey, deviceSecret, previous(pq)];
  const s = toB64u(H32('salt', ...mixed, encode(said), engine.random(32)));
  const bare = utf8(encode({ ...said, s, z: '' })).length;
  const bucket = bucketFor(bare);
  if (bucket === undefined) throw new RangeError('the message is too large');
  const plain = utf8(encode({ ...said, s, z: '0'.repeat(bucket - bare) }));
  const nonce = H('n', ...mixed, plain, engine.random(32)).subarray(0, 24);
  return { body: seal(messageKey(epochKey, place), nonce, plain), pc: commitment(plain) };
}

/**
 * Opens the sealed body of a `msg` commit and makes every inner check: padding,
 * commitment, canonical form, and that it was written for this place. A refusal
 * makes the message void, never the commit invalid (SWARM §6).
 */
export function openMessage(
  epochKey: Uint8Array,
  envelope: Envelope,
  body: Uint8Array,
): Parsed<Message> {
  const { cid, d, q, pq, pc } = envelope;
  if (cid === undefined || pc === undefined) return refused('R33', 'the commit is no message');
  if (!isSealedLength(body.length)) return refused('K19', 'the sealed body is not padded');
  const place = { cid, d, q, ...(pq !== undefined && { pq }) };
  const plain = unseal(messageKey(epochKey, place), body);
  if (plain === undefined) return refused('K1', 'the sealed body does not open');
  return readMessage(plain, place, pc);
}

/**
 * Checks a disclosed plaintext against the envelope that commits to it: what a
 * stranger with the export does, without any key (SWARM §5.2).
 */
export function readMessage(plain: Uint8Array, place: Place, pc: string): Parsed<Message> {
  const committed = fromB64u(pc, 64);
  if (committed === undefined || !equal(H('pt', plain), committed)) {
    return refused('R33', 'the plaintext is not the one committed to');
  }
  const decoded = decode(plain, largest);
  if (!decoded.ok) return decoded;
  const value = decoded.value;
  if (!isPlain(value)) return refused('R33', 'the plaintext has a bad form');
  if (value.cid !== place.cid || value.d !== place.d || value.q !== place.q) {
    return refused('R33', 'the plaintext was written for another place');
  }
  return { ok: true, value: { t: value.t, b: value.b, m: value.m } };
}

function commitment(plain: Uint8Array): string {
  return toB64u(H('pt', plain));
}

function previous(pq: string | undefined): Uint8Array {
  if (pq === undefined) return new Uint8Array(0);
  const bytes = fromB64u(pq, 64);
  if (bytes === undefined) throw new TypeError('not a sid');
  return bytes;
}
