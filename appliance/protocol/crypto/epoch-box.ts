import { u64be } from '../codec/bytes.ts';
import { H, H32 } from '../codec/hash.ts';
import { fromB64u, toB32, toB64u } from '../codec/text-form.ts';
import type { Engine } from '../ports.ts';
import { isAgreementPoint, type AgreementKey } from './agreement.ts';
import { boxKey, multiply, openSecretbox, secretbox, type KeyPair } from './nacl.ts';

/** `[nonce, box]` in b64u: a 32-byte key boxed to one X25519 key. */
export type KeyBox = [nonce: string, box: string];

/** `[dfp, keyid, nonce, box]`: one device's entry in an epoch (K2). */
export type EpochEntry = [device: string, keyid: string, ...KeyBox];

/** `[eid, nonce, box]`: an earlier epoch's key under a later one (K7). */
export type BackLink = [eid: string, ...KeyBox];

/** A device that gets a key, and the X25519 key it is to use. */
export interface Recipient {
  d: string;
  x: Uint8Array;
}

/** Bytes of a boxed key: the key and the authenticator. */
export const boxedKeyBytes = 48;

/** Identity of an epoch (K1): commits to the key, the swarm and the author's place. 32 characters. */
export function epochId(cid: string, epochKey: Uint8Array, d: string, q: number): string {
  return toB32(H('epoch', cid, epochKey, d, u64be(q)).subarray(0, 20));
}

/** Short name of an X25519 key in boxes; 8 bytes, so a hint and no identity. */
export function keyId(x: Uint8Array): string {
  return toB64u(H('keyid', x).subarray(0, 8));
}

/** `r` of an epoch (K2): hash of its sorted recipients, 64 bytes. */
export function recipientsHash(devices: readonly string[]): string {
  return toB64u(H('recipients', ...devices.toSorted()));
}

/** Boxes a key to one X25519 key, with the commit's fresh pair (K14, `freshPair`). Throws TypeError for a point that K10 refuses. */
export function boxTo(engine: Engine, pair: KeyPair, x: Uint8Array, key: Uint8Array): KeyBox {
  if (!isAgreementPoint(x)) throw new TypeError('not an X25519 key of K10');
  const nonce = H('n', key, x, engine.random(32)).subarray(0, 24);
  const box = secretbox(key, nonce, boxKey(multiply(pair.secret, x)));
  return [toB64u(nonce), toB64u(box)];
}

/** Boxes an epoch key for its devices, sorted by fingerprint. */
export function epochEntries(
  engine: Engine,
  pair: KeyPair,
  recipients: readonly Recipient[],
  epochKey: Uint8Array,
): EpochEntry[] {
  return recipients
    .toSorted((a, b) => (a.d < b.d ? -1 : 1))
    .map(({ d, x }) => [d, keyId(x), ...boxTo(engine, pair, x, epochKey)]);
}

/** Opens a boxed key with ours and the commit's `ek`; undefined if anything does not fit. */
export async function openBox(
  mine: AgreementKey,
  ek: string,
  [nonce, box]: KeyBox,
): Promise<Uint8Array | undefined> {
  const peer = fromB64u(ek, 32);
  const boxed = fromB64u(box, boxedKeyBytes);
  const number = fromB64u(nonce, 24);
  if (peer === undefined || boxed === undefined || number === undefined) return undefined;
  if (!isAgreementPoint(peer)) return undefined;
  return openSecretbox(boxed, number, await mine.shared(peer));
}

/** Puts the key of an earlier epoch under a later one's (K7). */
export function backLink(
  engine: Engine,
  laterKey: Uint8Array,
  eid: string,
  earlierKey: Uint8Array,
): BackLink {
  const nonce = H('n', laterKey, eid, earlierKey, engine.random(32)).subarray(0, 24);
  const box = secretbox(earlierKey, nonce, H32('back', laterKey));
  return [eid, toB64u(nonce), toB64u(box)];
}

/** The earlier key; undefined if it does not open. The caller checks it against the epoch's id. */
export function openBackLink(laterKey: Uint8Array, link: BackLink): Uint8Array | undefined {
  const nonce = fromB64u(link[1], 24);
  const box = fromB64u(link[2], boxedKeyBytes);
  if (nonce === undefined || box === undefined) return undefined;
  return openSecretbox(box, nonce, H32('back', laterKey));
}
