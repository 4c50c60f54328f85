import { expect, test } from 'vitest';
import { hitsIn } from '../../../../web/reader/record/search.ts';

const found = (text: string, query: string) =>
  hitsIn(text, query).map(({ from, to }) => text.slice(from, to));

test('what is looked for is found without regard to case and accents', () => {
  expect(found('The bridge, the Bridge, THE BRIDGE', 'bridge')).toEqual([
    'bridge',
    'Bridge',
    'BRIDGE',
  ]);
  expect(found('Über die Brücke', 'brucke')).toEqual(['Brücke']);
  expect(found('Bru\u0308cke', 'brücke')).toEqual(['Bru\u0308cke']);
});

test('Arabic is found without its vowel marks, and Ukrainian in capitals', () => {
  expect(found('الجِسْر مفتوح', 'الجسر')).toEqual(['الجِسْر']);
  expect(found('Міст відкрито', 'МІСТ')).toEqual(['Міст']);
});

test('hits stand at the right place behind letters that take more room', () => {
  expect(found('👩‍👩‍👧 ﬁrst', 'first')).toEqual(['ﬁrst']);
  expect(hitsIn('🚤🚤 boat', 'boat')).toEqual([{ from: 5, to: 9 }]);
});

test('nothing is looked for by a space, a mark or a pattern', () => {
  expect(hitsIn('a b', '  ')).toEqual([]);
  expect(hitsIn('a b', '\u0301')).toEqual([]);
  expect(hitsIn('a+b (c', '.')).toEqual([]);
  expect(found('a+b (c', '(c')).toEqual(['(c']);
});
