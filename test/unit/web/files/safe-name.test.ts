import { expect, test } from 'vitest';
import { blobSource } from '../../../../web/files/blob-source.ts';
import { safeName } from '../../../../web/files/save-blob.ts';
import { sizeWords } from '../../../../web/files/size.ts';

test('a saved file keeps a plain name', () => {
  expect(safeName('Bericht über Brücke.pdf')).toBe('Bericht über Brücke.pdf');
  expect(safeName('تقرير.pdf')).toBe('تقرير.pdf');
});

test.each([
  ['../../etc/passwd', '_.._etc_passwd'],
  ['photo\u202Egpj.exe', 'photogpj.exe'],
  ['.bashrc', 'bashrc'],
  ['a\u0000b\n.txt', 'ab.txt'],
  ['  \u200B ', 'file'],
])('a name made to fool, %j, is saved as %j', (name, safe) => {
  expect(safeName(name)).toBe(safe);
});

test('the end of a long name, which says what a file is, stays', () => {
  const safe = safeName(`${'x'.repeat(500)}.pdf`);
  expect(safe).toHaveLength(120);
  expect(safe.endsWith('.pdf')).toBe(true);
});

test('sizes are told in the unit that a person reads', () => {
  expect(sizeWords(20_000_000, 'en')).toBe('20 MB');
  expect(sizeWords(6_250_000, 'en')).toBe('6.3 MB');
  expect(sizeWords(1200, 'en')).toBe('1 kB');
});

test('a file is read piece by piece', async () => {
  const source = blobSource(new Blob(['0123456789']), 'digits');
  expect(source.sizeBytes).toBe(10);
  expect(new TextDecoder().decode(await source.read(2, 5))).toBe('234');
});
