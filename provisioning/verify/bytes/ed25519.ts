import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';

const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const prime = 2n ** 255n - 19n;
const prefix = Buffer.from('302a300506032b6570032100', 'hex');

/** What the rules say about keys seen before; the check of one costs milliseconds. */
const judged = new Map<string, KeyObject | undefined>();

/** R-KEY: canonical, decodes, not of small order, in the subgroup of prime order. */
export function isStrictKey(key: Uint8Array): boolean {
  return keyObject(key) !== undefined;
}

/**
 * The strict verdict (R4): S < L, R and the key canonical, the key of prime order, and the equation
 * without cofactor, which is the one OpenSSL checks.
 */
export function verifyStrict(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || little(signature.subarray(32)) >= order) return false;
  if (!isCanonical(signature.subarray(0, 32))) return false;
  const object = keyObject(key);
  return object !== undefined && verify(null, message, object, signature);
}

function keyObject(key: Uint8Array): KeyObject | undefined {
  const name = Buffer.from(key).toString('hex');
  if (!judged.has(name)) judged.set(name, judge(key));
  return judged.get(name);
}

function judge(key: Uint8Array): KeyObject | undefined {
  if (key.length !== 32 || !isCanonical(key)) return undefined;
  try {
    const point = ed25519.Point.fromBytes(key);
    if (point.is0() || point.isSmallOrder() || !point.isTorsionFree()) return undefined;
    const der = Buffer.concat([prefix, key]);
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** Whether the bytes are the one encoding of a y below the prime. */
function isCanonical(point: Uint8Array): boolean {
  const y = Buffer.from(point);
  y[31] = (y[31] as number) & 0x7f;
  return little(y) < prime;
}

/** A number of 32 bytes, the lowest first. */
function little(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}
