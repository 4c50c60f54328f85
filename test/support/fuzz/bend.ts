import { concat } from '#protocol/codec/bytes.ts';

/** A whole number below `n`. */
export function below(random: () => number, n: number): number {
  return Math.floor(random() * n);
}

/** One of these, which are not none. */
export function pick<T>(random: () => number, list: readonly T[]): T {
  return list[below(random, list.length)] as T;
}

/** Bytes that readers are known to stumble over. */
const awkward = [0, 1, 9, 10, 13, 32, 34, 45, 47, 48, 57, 61, 92, 127, 128, 192, 254, 255];

/** The same bytes with one place changed, taken out, doubled or filled with something else. */
export function bendBytes(
  input: Uint8Array,
  random: () => number,
  words: readonly Uint8Array[],
): Uint8Array {
  const at = below(random, input.length + 1);
  const length = 1 + below(random, pick(random, [1, 4, 32, 512]));
  const put = (piece: Uint8Array, skip = 0): Uint8Array =>
    concat(input.subarray(0, at), piece, input.subarray(at + skip));
  switch (below(random, 9)) {
    case 0:
      return put(Uint8Array.of((input[at] ?? 0) ^ (1 << below(random, 8))), 1);
    case 1:
      return put(Uint8Array.of(pick(random, awkward)), 1);
    case 2:
      return put(Uint8Array.of(below(random, 256)));
    case 3:
      return put(new Uint8Array(0), length);
    case 4:
      return input.slice(0, at);
    case 5:
      return put(input.slice(at, at + length));
    case 6: {
      const from = below(random, input.length);
      return put(input.slice(from, from + length), below(random, 2) * length);
    }
    case 7:
      return put(new Uint8Array(length).fill(pick(random, awkward)), below(random, 2) * length);
    default:
      return words.length === 0 ? input : put(pick(random, words), below(random, 2) * length);
  }
}

/** The first half of one and the second half of another. */
export function splice(one: Uint8Array, other: Uint8Array, random: () => number): Uint8Array {
  const [head, tail] = [below(random, one.length + 1), below(random, other.length + 1)];
  return concat(one.subarray(0, head), other.subarray(tail));
}
