import { concat, fromUtf8, utf8 } from '../codec/bytes.ts';
import { refused, type Parsed } from '../verdict.ts';
import { openSecretbox, secretbox } from './nacl.ts';

/**
 * Lengths of padded plaintexts in bytes (SWARM §5.2, K19): an onlooker learns one of
 * nine sizes instead of the length of what was said.
 */
export const buckets = [256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 40_960] as const;

const nonceBytes = 24;
/** What a nonce and the authenticator add. */
const overhead = nonceBytes + 16;

/** The smallest bucket that holds so many bytes, or undefined if none does (R1). */
export function bucketFor(length: number): number | undefined {
  return buckets.find((bucket) => length <= bucket);
}

/** Whether a sealed body of so many bytes holds a padded plaintext: all that a keyless reader can check. */
export function isSealedLength(length: number): boolean {
  return buckets.some((bucket) => bucket + overhead === length);
}

/** `nonce24 ‖ secretbox`. The caller answers for a nonce that never repeats under this key. */
export function seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array {
  return concat(nonce, secretbox(plain, nonce, key));
}

/** Inverse of `seal`; undefined unless key and every byte fit. */
export function unseal(key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  const nonce = sealed.subarray(0, nonceBytes);
  return openSecretbox(sealed.subarray(nonceBytes), nonce, key);
}

/**
 * Seals a text padded with spaces to a bucket. Throws RangeError if it is larger than
 * 40 960 bytes or ends with a space, which could not be told from padding.
 */
export function sealText(key: Uint8Array, nonce: Uint8Array, text: string): Uint8Array {
  const bytes = utf8(text);
  const bucket = bucketFor(bytes.length);
  if (bucket === undefined || text.endsWith(' ')) throw new RangeError('the text cannot be sealed');
  return seal(key, nonce, concat(bytes, new Uint8Array(bucket - bytes.length).fill(0x20)));
}

/** Inverse of `sealText`. */
export function openText(key: Uint8Array, sealed: Uint8Array): Parsed<string> {
  if (!isSealedLength(sealed.length)) return refused('K19', 'the sealed text is not padded');
  const plain = unseal(key, sealed);
  if (plain === undefined) return refused('K1', 'the sealed text does not open');
  // Counted by hand: a regular expression takes quadratic time on spaces within the text.
  let length = plain.length;
  while (plain[length - 1] === 0x20) length--;
  const text = fromUtf8(plain.subarray(0, length));
  if (text === undefined) return refused('R5', 'the sealed text is not UTF-8');
  return { ok: true, value: text };
}
