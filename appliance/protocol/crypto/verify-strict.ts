import { signedData } from '../codec/sshsig.ts';
import { toB64u } from '../codec/text-form.ts';
import type { Engine } from '../ports.ts';
import { isPrimeOrderPoint } from './curve.ts';
import type { Namespace } from './sign.ts';

/** L, the order of the base point, and p, the field's prime; both little-endian in 32 bytes. */
const order = littleEndian(2n ** 252n + 27742317777372353535851937790883648493n);
const prime = littleEndian(2n ** 255n - 19n);
const one = littleEndian(1n);
const minusOne = littleEndian(2n ** 255n - 20n);

/** More keys than a mission can have devices (K13); bounds memory if strangers send more. */
const remembered = 4096;
const strong = new Map<string, boolean>();

/**
 * The one verdict on Ed25519 signatures (R4): S < L, canonical R, key per R-KEY, then
 * the engine's cofactorless equation. Engines alone disagree on these cases, and a
 * disagreement would split the swarm. Never throws for bytes of a peer.
 */
export async function verifyStrict(
  engine: Engine,
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (key.length !== 32 || signature.length !== 64) return false;
  if (!isBelow(signature.subarray(32), order)) return false;
  if (!isCanonicalPoint(signature.subarray(0, 32))) return false;
  if (!isStrongKey(key)) return false;
  return engine.verify(key, message, signature);
}

/** `verifyStrict` over the SSHSIG data of a message in a namespace. */
export function verifyBlob(
  engine: Engine,
  namespace: Namespace,
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  return verifyStrict(engine, key, signedData(namespace, message), signature);
}

/** R-KEY, remembered for the last few thousand keys. */
export function isStrongKey(key: Uint8Array): boolean {
  const name = toB64u(key);
  const known = strong.get(name);
  if (known !== undefined) return known;
  const verdict = isPrimeOrderPoint(key);
  if (strong.size >= remembered) strong.delete(strong.keys().next().value as string);
  strong.set(name, verdict);
  return verdict;
}

function isCanonicalPoint(point: Uint8Array): boolean {
  const y = point.slice();
  const sign = (y[31] as number) & 0x80;
  y[31] = (y[31] as number) & 0x7f;
  if (!isBelow(y, prime)) return false;
  // At y = ±1 the other coordinate is zero and has no sign.
  return sign === 0 || (!same(y, one) && !same(y, minusOne));
}

function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    if (a[i] !== b[i]) return (a[i] as number) < (b[i] as number);
  }
  return false;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}
