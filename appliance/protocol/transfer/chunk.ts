import { u8, u64be, concat } from '../codec/bytes.ts';
import type { CipherKey } from '../ports.ts';
import type { Layout } from './layout.ts';

/**
 * Seals chunk `index` of the padded plaintext. The nonce is the place, and says of the last that it is the
 * last: no chunk can be moved, repeated, left out or cut off at the end. One key seals one file once.
 */
export function sealChunk(
  key: CipherKey,
  layout: Layout,
  index: number,
  plain: Uint8Array,
): Promise<Uint8Array> {
  return key.seal(nonceOf(layout, index), plain);
}

/** Inverse of `sealChunk`; undefined for any other key, place or byte. */
export function openChunk(
  key: CipherKey,
  layout: Layout,
  index: number,
  sealed: Uint8Array,
): Promise<Uint8Array | undefined> {
  return key.open(nonceOf(layout, index), sealed);
}

/** Eleven bytes of counter, then 1 for the last chunk and 0 for others. */
function nonceOf({ chunks }: Layout, index: number): Uint8Array {
  return concat(new Uint8Array(3), u64be(index), u8(index === chunks - 1 ? 1 : 0));
}
