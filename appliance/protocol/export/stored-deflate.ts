import { concat, equal, u32be } from '../codec/bytes.ts';

/** RFC 1950: deflate with a 32 KiB window, fastest level. */
const head = Uint8Array.of(0x78, 0x01);
/** Most bytes of one stored block (RFC 1951, 3.2.4). */
const blockBytes = 65_535;
const frameBytes = 5;

/** Length of `deflateStored` of so many bytes. */
export function storedSize(size: number): number {
  return head.length + blocksOf(size) * frameBytes + size + 4;
}

/** A zlib stream that compresses nothing: no library's taste is in its bytes. */
export function deflateStored(body: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [head];
  const count = blocksOf(body.length);
  for (let i = 0; i < count; i++) {
    const block = body.subarray(i * blockBytes, (i + 1) * blockBytes);
    parts.push(frame(block.length, i === count - 1), block);
  }
  return concat(...parts, u32be(adler32(body)));
}

/**
 * Reads what `deflateStored` writes for `size` bytes at `at`; undefined for anything else. Costs
 * no more memory than the input, since nothing grows.
 */
export function inflateStored(input: Uint8Array, at: number, size: number): Uint8Array | undefined {
  const stream = input.subarray(at, at + storedSize(size));
  const count = blocksOf(size);
  if (stream.length !== storedSize(size) || !equal(stream.subarray(0, 2), head)) return undefined;
  const blocks: Uint8Array[] = [];
  for (let i = 0, from = head.length; i < count; i++) {
    const length = Math.min(blockBytes, size - i * blockBytes);
    const framed = stream.subarray(from, from + frameBytes);
    if (!equal(framed, frame(length, i === count - 1))) return undefined;
    blocks.push(stream.subarray(from + frameBytes, from + frameBytes + length));
    from += frameBytes + length;
  }
  const body = blocks.length === 1 ? (blocks[0] as Uint8Array) : concat(...blocks);
  return equal(stream.subarray(-4), u32be(adler32(body))) ? body : undefined;
}

function blocksOf(size: number): number {
  return Math.max(1, Math.ceil(size / blockBytes));
}

function frame(length: number, isLast: boolean): Uint8Array {
  const not = length ^ 0xffff;
  return Uint8Array.of(isLast ? 1 : 0, length & 0xff, length >> 8, not & 0xff, not >> 8);
}

/** RFC 1950, 8.2. The sums are brought down before they leave 32 bits. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(at + 3800, bytes.length);
    for (; at < end; at++) {
      a += bytes[at] as number;
      b += a;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return b * 65_536 + a;
}
