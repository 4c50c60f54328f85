import { expect, test } from 'vitest';
import { pictures } from '../../../../web/mission/pictures.ts';

test('two digits stand for one picture each, a hundred in all', () => {
  expect(pictures).toHaveLength(100);
  expect(new Set(pictures.map(({ word }) => word)).size).toBe(100);
  expect(new Set(pictures.map(({ icon }) => icon)).size).toBe(100);
});

test('the order is fixed, since it is part of every safety code', () => {
  const words = pictures.map(({ word }) => word);
  expect([words[0], words[17], words[44], words[99]]).toEqual(['anchor', 'car', 'hand', 'wrench']);
});
