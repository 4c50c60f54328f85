import { expect, test } from 'vitest';
import { carries, survives } from '#protocol/state/threshold.ts';

const count = (voted: number, units: number, targetIsUnit = false) => ({
  voted,
  units,
  targetIsUnit,
});

test('S189: majority, two-thirds and all at two, three and five parties (V10)', () => {
  expect([1, 2].map((voted) => carries('majority', count(voted, 2)))).toEqual([false, true]);
  expect([1, 2].map((voted) => carries('majority', count(voted, 3)))).toEqual([false, true]);
  expect([3, 4, 5].map((voted) => carries('two-thirds', count(voted, 5)))).toEqual([
    false,
    true,
    true,
  ]);
  expect([4, 5].map((voted) => carries('all', count(voted, 5)))).toEqual([false, true]);
  expect(carries('all', count(2, 3, true))).toBe(true);
  expect(carries('two-thirds', count(3, 5, true))).toBe(true);
});

test('of two parties neither removes the other, at any threshold (V10)', () => {
  for (const threshold of ['majority', 'two-thirds', 'all'] as const) {
    expect(carries(threshold, count(1, 2, true))).toBe(false);
  }
});

test('T6: what the target says itself counts for the majority, never for the threshold', () => {
  for (const threshold of ['majority', 'two-thirds', 'all'] as const) {
    expect(carries(threshold, { ...count(1, 2, true), targetVoted: true })).toBe(true);
    expect(carries(threshold, { ...count(0, 2, true), targetVoted: true })).toBe(false);
  }
  expect(carries('all', { ...count(1, 3, true), targetVoted: true })).toBe(false);
  expect(carries('two-thirds', { ...count(2, 4, true), targetVoted: true })).toBe(true);
});

test('a decision survives on half of the clean units, but never on none (V2)', () => {
  expect(survives('majority', 1, 2)).toBe(true);
  expect(survives('majority', 1, 3)).toBe(false);
  expect(survives('majority', 0, 0)).toBe(false);
  expect(survives('two-thirds', 2, 3)).toBe(true);
  expect(survives('all', 2, 3)).toBe(false);
});
