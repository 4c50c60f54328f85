import { expect, test } from 'vitest';
import { isAsking, queryOf, type Filter } from '../../../../web/search/filter.ts';

const filter = (change: Partial<Filter> = {}): Filter => ({
  ...{ text: '', person: '', slot: '', kind: '', day: '' },
  ...change,
});

test('what is not chosen does not narrow', () => {
  expect(queryOf(filter({ text: 'water' }), undefined, 50)).toEqual({ text: 'water', limit: 50 });
  const all = filter({ text: 'a', person: 'noor', slot: '0', kind: 'file' });
  expect(queryOf(all, 'c1', 50)).toEqual({
    ...{ text: 'a', cid: 'c1', person: 'noor', slot: 0, kind: 'file', limit: 50 },
  });
});

test('a day lasts from midnight to midnight of this device', () => {
  const { day } = queryOf(filter({ day: '2026-11-22' }), undefined, 50);
  expect(day).toEqual({
    fromMs: new Date(2026, 10, 22).getTime(),
    untilMs: new Date(2026, 10, 23).getTime(),
  });
  expect(queryOf(filter({ day: '2026-1' }), undefined, 50)).not.toHaveProperty('day');
});

test('a space asks for nothing, a filter alone does', () => {
  expect(isAsking(filter({ text: ' ' }))).toBe(false);
  expect(isAsking(filter({ slot: '0' }))).toBe(true);
});
