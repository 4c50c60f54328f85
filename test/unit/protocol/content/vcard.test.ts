import { test, expect } from 'vitest';
import * as fc from 'fast-check';
import { readVcard, writeVcard } from '#protocol/content/vcard.ts';

test('a profile comes back as it was written, whatever its letters', () => {
  const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll(/\r\n?/g, '\n'));
  fc.assert(
    fc.property(text, text, (title, description) => {
      expect(readVcard(writeVcard({ title, description }))).toEqual({ title, description });
    }),
  );
});

test('lines are folded at 75 octets (RFC 6350 §3.2)', () => {
  const card = writeVcard({ title: 'ü'.repeat(200), description: '' });
  for (const line of card.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
});

test('a card of another program is read: groups, parameters, lower case, escaped commas', () => {
  const card =
    'begin:vcard\nversion:4.0\nx-other:1\ng1.fn;language=en:Water\\, shelter\nNOTE:a\\nb\nend:vcard\n';
  expect(readVcard(card)).toEqual({ title: 'Water, shelter', description: 'a\nb' });
});

test('what is no vCard 4.0 or has no name is refused', () => {
  expect(readVcard('')).toBeUndefined();
  expect(readVcard('BEGIN:VCARD\r\nVERSION:3.0\r\nFN:a\r\nEND:VCARD\r\n')).toBeUndefined();
  expect(readVcard('BEGIN:VCARD\r\nVERSION:4.0\r\nEND:VCARD\r\n')).toBeUndefined();
});
