import { expect, it } from 'vitest';
import { Rate } from '../../../../appliance/services/broker/rate.ts';

it('a burst is free, what follows waits, and waiting pays the debt', () => {
  const rate = new Rate(10, 5, 0);
  expect(rate.spend(5, 0)).toBe(0);
  expect(rate.spend(1, 0)).toBe(100);
  expect(rate.spend(0, 100)).toBe(0);
  expect(rate.spend(1, 200)).toBe(0);
});

it('a long rest refills no more than the burst', () => {
  const rate = new Rate(10, 5, 0);
  expect(rate.spend(6, 3_600_000)).toBe(100);
});

it('thousands of packets in one chunk are waited out in full', () => {
  expect(new Rate(100, 500, 0).spend(32_000, 0)).toBe(315_000);
});
