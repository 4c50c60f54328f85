import { H } from '../codec/hash.ts';

/** The 66 bits that founders compare (F5), in two renderings. */
export interface SafetyCode {
  /** Twenty decimal digits. */
  digits: string;
  /** Ten indices 0…99 into the table of pictures: digits 2i and 2i+1. */
  pictures: number[];
}

/**
 * The safety code of F. Since everybody commits before anybody reveals, a
 * substituted party succeeds once in 2⁶⁶, however much it computes.
 */
export function safetyCode(f: Uint8Array): SafetyCode {
  const hash = H('safety', f);
  const view = new DataView(hash.buffer, hash.byteOffset);
  const bits = (view.getBigUint64(0) << 2n) | BigInt((hash[8] as number) >> 6);
  const digits = bits.toString().padStart(20, '0');
  const pictures = Array.from({ length: 10 }, (_, i) => Number(digits.slice(2 * i, 2 * i + 2)));
  return { digits, pictures };
}
