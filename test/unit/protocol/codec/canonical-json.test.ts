import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utf8 } from '#protocol/codec/bytes.ts';
import { decode, encode, maxDepth, type Json } from '#protocol/codec/canonical-json.ts';

const key = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: maxDepth - 1, depthSize: 'small' },
    fc.maxSafeNat(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

it('every value comes back from text and from bytes, and is JSON to everybody', () => {
  fc.assert(
    fc.property(value, (one) => {
      const text = encode(one);
      expect(decode(text, 1e6)).toEqual({ ok: true, value: one });
      expect(decode(utf8(text), 1e6)).toEqual({ ok: true, value: one });
      expect(JSON.parse(text)).toEqual(one);
    }),
    { seed: 3, numRuns: 500 },
  );
});

it('the order in which keys were set changes nothing', () => {
  fc.assert(
    fc.property(fc.dictionary(key, fc.nat(), { noNullPrototype: true }), (one) => {
      expect(encode(Object.fromEntries(Object.entries(one).toReversed()))).toBe(encode(one));
    }),
    { seed: 3 },
  );
});

it('a text is either refused or the very one that is written again (S27)', () => {
  fc.assert(
    fc.property(
      value,
      fc.nat(),
      fc.constantFrom(...' ,:{}[]"0-e\\tnu\ud800'.split('')),
      (one, at, put) => {
        const text = encode(one);
        const bent =
          text.slice(0, at % (text.length + 1)) +
          put +
          text.slice((at % (text.length + 1)) + (at % 2));
        const decoded = decode(bent, 1e6);
        if (decoded.ok) expect(encode(decoded.value)).toBe(bent);
      },
    ),
    { seed: 3, numRuns: 2000 },
  );
});

it('random bytes are refused or canonical, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const decoded = decode(bytes, 100);
      if (decoded.ok) expect(utf8(encode(decoded.value))).toEqual(bytes);
    }),
    { seed: 3, numRuns: 3000 },
  );
});

it('an input above its limit is refused unread (L1)', () => {
  expect(decode(`"${'x'.repeat(99)}"`, 100)).toMatchObject({ ok: false, rule: 'L1' });
});

it.each<[string, unknown]>([
  ['undefined', { a: undefined }],
  ['a fraction', 0.5],
  ['a negative number', -1],
  ['a bad key', { 'a-b': 1 }],
  ['an unpaired surrogate', '\ud800'],
  ['nine levels', [[[[[[[[[]]]]]]]]]],
])('%s of our own is a programming mistake: it throws', (_, one) => {
  expect(() => encode(one as Json)).toThrow(TypeError);
});
