import { H, H32 } from './hash.ts';
import { fromB32, fromB64u, toB32, toB64u } from './text-form.ts';

/** `dfp` of an Ed25519 device key: 52 characters of b32 (SWARM §2). */
export function deviceFingerprint(key: Uint8Array): string {
  return toB32(H32('fp-device', key));
}

/** `mfp` of an Ed25519 member key. */
export function memberFingerprint(key: Uint8Array): string {
  return toB32(H32('fp-member', key));
}

/** `pfp` of an Ed25519 party key. */
export function partyFingerprint(key: Uint8Array): string {
  return toB32(H32('fp-party', key));
}

/** Identity of a commit (B1): hash of the whole raw object, 86 characters of b64u. */
export function sidOf(raw: Uint8Array): string {
  return toB64u(H('sid', raw));
}

/** Identity of a swarm: the start of its genesis's `sid`, as b32. Throws for a malformed sid. */
export function conversationId(genesisSid: string): string {
  const bytes = fromB64u(genesisSid, 64);
  if (bytes === undefined) throw new TypeError('not a sid');
  return toB32(bytes.subarray(0, 32));
}

/** `tp`, the name under which a swarm is announced (SWARM §11.1): 26 characters of b32. */
export function topicOf(cid: string): string {
  return toB32(H('topic', cid).subarray(0, 16));
}

/** Whether this is the text of a fingerprint or cid: 32 bytes in b32. */
export function isFingerprint(value: unknown): value is string {
  return typeof value === 'string' && fromB32(value, 32) !== undefined;
}

/** Whether this is the text of a sid or of another `H`: 64 bytes in b64u. */
export function isSid(value: unknown): value is string {
  return typeof value === 'string' && fromB64u(value, 64) !== undefined;
}
