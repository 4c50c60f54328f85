import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compare, concat, equal, fromUtf8, u32be, u64be, utf8 } from '#protocol/codec/bytes.ts';
import {
  fromB32,
  fromB64u,
  fromBase64,
  fromHex,
  toB32,
  toB64u,
  toBase64,
  toHex,
} from '#protocol/codec/text-form.ts';

const forms = [
  { name: 'hex', to: toHex, from: fromHex, node: 'hex' as const },
  { name: 'b32', to: toB32, from: fromB32, node: undefined },
  { name: 'b64u', to: toB64u, from: fromB64u, node: 'base64url' as const },
  { name: 'base64', to: toBase64, from: fromBase64, node: 'base64' as const },
];

it.each(forms)('$name: bytes come back, and Node writes the same', ({ to, from, node }) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(from(to(bytes))).toEqual(bytes);
      if (node) expect(to(bytes)).toBe(Buffer.from(bytes).toString(node));
    }),
    { seed: 1 },
  );
});

it.each(forms)('$name: a text that is read is the only one for its bytes', ({ to, from }) => {
  const letters = fc.string({
    unit: fc.constantFrom(...'abAB0127zZ-_+/= \n'.split('')),
    maxLength: 12,
  });
  fc.assert(
    fc.property(letters, (text) => {
      const bytes = from(text);
      if (bytes !== undefined) expect(to(bytes)).toBe(text);
    }),
    { seed: 1, numRuns: 5000 },
  );
});

it.each([
  [fromB64u, 'AB', 'unused bits that are not zero'],
  [fromB64u, 'A', 'a symbol without a byte'],
  [fromB64u, 'AA==', 'padding'],
  [fromB64u, 'A+A', 'another alphabet'],
  [fromB64u, 'AA\n', 'a line feed'],
  [fromBase64, 'AA', 'missing padding'],
  [fromBase64, 'AB==', 'unused bits that are not zero'],
  [fromBase64, '====', 'only padding'],
  [fromBase64, 'A===', 'too much padding'],
  [fromBase64, 'AA==AA==', 'padding inside'],
  [fromB32, 'AA', 'upper case'],
  [fromB32, 'ab', 'unused bits that are not zero'],
  [fromB32, 'aaa', 'a length that b32 never has'],
  [fromB32, 'a1', 'a digit that b32 lacks'],
  [fromHex, 'A0', 'upper case'],
  [fromHex, '0', 'half a byte'],
])('%o refuses %j: %s', (from, text) => {
  expect(from(text)).toBeUndefined();
});

it('a fixed length admits no other', () => {
  expect(fromB64u('AAAA', 3)).toHaveLength(3);
  expect(fromB64u('AAAA', 4)).toBeUndefined();
  expect(fromB64u('', 0)).toHaveLength(0);
});

it('UTF-8 is strict, and a byte order mark is a character', () => {
  expect(fromUtf8(Uint8Array.of(0xc0, 0x80))).toBeUndefined();
  expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf))).toBe('\ufeff');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
      const text = fromUtf8(bytes);
      if (text !== undefined) expect(utf8(text)).toEqual(bytes);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

it('numbers are big-endian, and byte strings compare like their hexadecimal', () => {
  expect(toHex(concat(u32be(0x01020304), u64be(2 ** 53 - 1)))).toBe('01020304001fffffffffffff');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
      const [x, y] = [toHex(a), toHex(b)];
      expect(Math.sign(compare(a, b))).toBe(x < y ? -1 : x > y ? 1 : 0);
      expect(equal(a, b)).toBe(x === y);
    }),
    { seed: 1 },
  );
});
