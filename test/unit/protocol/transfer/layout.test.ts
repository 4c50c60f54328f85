import { expect, it } from 'vitest';
import {
  chunkBytes,
  chunksOf,
  chunksPerRequest,
  layoutOf,
  maxFileBytes,
  paddedSize,
  plainRange,
  sealedChunkBytes,
  sealedRange,
  wholeChunks,
} from '#protocol/transfer/layout.ts';
import { seeded } from '../../../support/seeded.ts';

it('padding costs at most an eighth, and never shortens', () => {
  const random = seeded(3);
  for (let i = 0; i < 2000; i++) {
    const size = Math.ceil(1024 * 2 ** (random() * 21));
    expect(paddedSize(size)).toBeGreaterThanOrEqual(size);
    expect(paddedSize(size)).toBeLessThanOrEqual(size * 1.125);
    expect(paddedSize(paddedSize(size))).toBe(paddedSize(size));
  }
});

it.each([
  [0, 1024],
  [1, 1024],
  [1024, 1024],
  [1025, 1152],
  [2 ** 20 + 1, 2 ** 20 + 2 ** 17],
  [20_000_000, 20_971_520],
  [maxFileBytes, maxFileBytes],
])('a file of %i bytes is padded to %i', (size, padded) => {
  expect(paddedSize(size)).toBe(padded);
});

it('the sizes of an octave are eight', () => {
  const sizes = new Set(Array.from({ length: 4096 }, (_, i) => paddedSize(4097 + i)));
  expect(sizes.size).toBe(8);
});

it('chunks follow one another without a gap, in plaintext and ciphertext', () => {
  for (const size of [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 1_000_000, 20_000_000]) {
    const layout = layoutOf(size);
    let [plain, sealed] = [0, 0];
    for (let index = 0; index < layout.chunks; index++) {
      expect(plainRange(layout, index).from).toBe(plain);
      expect(sealedRange(layout, index).from).toBe(sealed);
      plain = plainRange(layout, index).to;
      sealed = sealedRange(layout, index).to;
    }
    expect([plain, sealed]).toEqual([layout.padded, layout.sealed]);
  }
});

it('after a cut the whole chunks count, and nothing of the last piece', () => {
  const layout = layoutOf(1_000_000);
  expect(wholeChunks(layout, sealedChunkBytes * 3 - 1)).toBe(2);
  expect(wholeChunks(layout, sealedChunkBytes * 3)).toBe(3);
  expect(wholeChunks(layout, layout.sealed - 1)).toBe(layout.chunks - 1);
  expect(wholeChunks(layout, layout.sealed)).toBe(layout.chunks);
  expect(wholeChunks(layout, -5)).toBe(0);
});

it('a range of the plaintext lies in the chunks that hold it', () => {
  const layout = layoutOf(1_000_000);
  expect(chunksOf(layout, { from: 0, to: 1 })).toEqual({ from: 0, to: 1 });
  expect(chunksOf(layout, { from: chunkBytes - 1, to: chunkBytes + 1 })).toEqual({
    from: 0,
    to: 2,
  });
  expect(chunksOf(layout, { from: 999_999, to: 5_000_000 }).to).toBe(layout.chunks);
});

it('one request stays below 4 MiB', () => {
  expect(chunksPerRequest * sealedChunkBytes).toBeLessThan(4 * 1024 * 1024);
});

it.each([-1, 0.5, Number.NaN, maxFileBytes + 1])('%d is no size of a file', (size) => {
  expect(() => layoutOf(size)).toThrow(RangeError);
});
