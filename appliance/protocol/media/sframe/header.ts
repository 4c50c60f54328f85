import { concat, u8 } from '../../codec/bytes.ts';

/** What stands in front of every SFrame ciphertext (RFC 9605 §4.3): which key, and which frame under it. */
export interface FrameHeader {
  /** 0…2⁶⁴−1. */
  kid: bigint;
  /** 0…2⁶⁴−1. */
  ctr: bigint;
}

/** The one writing of a header. */
export function writeHeader({ kid, ctr }: FrameHeader): Uint8Array {
  const [k, kidBytes] = part(kid);
  const [c, ctrBytes] = part(ctr);
  return concat(u8((k << 4) | c), kidBytes, ctrBytes);
}

/** Reads the header at the start, and how long it is; undefined if cut off or longer than need be. */
export function readHeader(bytes: Uint8Array): (FrameHeader & { length: number }) | undefined {
  const config = bytes[0];
  if (config === undefined) return undefined;
  const kid = number(bytes, 1, config >> 4);
  if (kid === undefined) return undefined;
  const ctr = number(bytes, kid.end, config & 15);
  return ctr && { kid: kid.value, ctr: ctr.value, length: ctr.end };
}

/** Four bits: a number below 8 itself, or 8 and the length less one of the bytes that follow. */
function part(value: bigint): [nibble: number, bytes: Uint8Array] {
  if (value < 8n) return [Number(value), new Uint8Array(0)];
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn));
  if (bytes.length > 8) throw new RangeError('the number does not fit in 64 bits');
  return [8 | (bytes.length - 1), Uint8Array.from(bytes)];
}

function number(
  bytes: Uint8Array,
  at: number,
  nibble: number,
): { value: bigint; end: number } | undefined {
  if (nibble < 8) return { value: BigInt(nibble), end: at };
  const end = at + (nibble & 7) + 1;
  if (end > bytes.length) return undefined;
  let value = 0n;
  for (const byte of bytes.subarray(at, end)) value = (value << 8n) | BigInt(byte);
  const isMinimal = nibble === 8 ? value >= 8n : bytes[at] !== 0;
  return isMinimal ? { value, end } : undefined;
}
