import { isFingerprint, isSid } from '../../codec/fingerprint.ts';
import { b64u, list, oneOf, text, tuple, type Guard } from '../../codec/shape.ts';

/** Most epochs that one commit gives away; bounds one commit's work. */
const mostEpochs = 64;

/** Identity of an epoch: 20 bytes in b32. */
export const eid: Guard<string> = (value): value is string =>
  typeof value === 'string' && /^[a-z2-7]{32}$/.test(value);

/** `[nonce, box]` of a boxed 32-byte key. */
export const keyBox = tuple(b64u(24), b64u(48));

/** `[eid, nonce, box]`. */
export const backLink = tuple(eid, b64u(24), b64u(48));

/** Entries of `h` in an `add`: `[eid, nonce, box, ek]`. */
export const heldKeys = list(tuple(eid, b64u(24), b64u(48), b64u(32)), 1, mostEpochs);

export const eids = list(eid, 0, mostEpochs);

/** Basis of a vote: sids in ascending order (V9). */
export const basis = list(isSid, 0, 64);

/** Classes that a motion can be about. */
export const motionClass = oneOf('party', 'member', 'device', 'swarm', 'box');

/** A target: fingerprint, cid or b32 hash, so that it can name a file of the tree. */
export const target = isFingerprint;

/** A short machine word. */
export const word: Guard<string> = (value): value is string =>
  text(1, 16)(value) && /^[a-z-]+$/.test(value);

/** SHA-512 of a record's bytes, in hex. */
export const recordHash: Guard<string> = (value): value is string =>
  typeof value === 'string' && /^[0-9a-f]{128}$/.test(value);
