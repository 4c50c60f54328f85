import { expect, test } from 'vitest';
import { sizeWords } from '../../../../web/files/size.ts';

test('bytes are said in the largest unit that fits, with a decimal from millions on', () => {
  expect(sizeWords(12, 'en')).toBe('12 byte');
  expect(sizeWords(15_400, 'en')).toBe('15 kB');
  expect(sizeWords(6_200_000, 'en')).toBe('6.2 MB');
  expect(sizeWords(2_400_000_000, 'en')).toBe('2.4 GB');
});
