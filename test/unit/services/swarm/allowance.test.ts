import { expect, test } from 'vitest';
import { Allowance } from '../../../../appliance/services/swarm/allowance.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const hourMs = 3_600_000;

test('a sender spends its burst, waits for the rest, and others notice nothing', () => {
  const clock = new FakeClock();
  const allowance = new Allowance({ burst: 10, perHour: 60 }, clock);
  expect(allowance.waitSeconds('red')).toBe(0);
  allowance.spend('red', 10);
  expect(allowance.waitSeconds('red')).toBe(60);
  expect(allowance.waitSeconds('blue')).toBe(0);
  clock.pass(60_000);
  expect(allowance.waitSeconds('red')).toBe(0);
});

test('a batch larger than the burst passes once and is paid off afterwards', () => {
  const clock = new FakeClock();
  const allowance = new Allowance({ burst: 10, perHour: 60 }, clock);
  allowance.spend('red', 40);
  expect(allowance.waitSeconds('red')).toBe(31 * 60);
  clock.pass(31 * 60_000);
  expect(allowance.waitSeconds('red')).toBe(0);
});

test('setting the wall clock forward gives nobody more', () => {
  const clock = new FakeClock();
  const allowance = new Allowance({ burst: 1, perHour: 1 }, clock);
  allowance.spend('red', 1);
  clock.jump(1000 * hourMs);
  expect(allowance.waitSeconds('red')).toBe(3600);
});

test('senders that are quiet again are forgotten', () => {
  const clock = new FakeClock();
  const allowance = new Allowance({ burst: 10, perHour: 60 }, clock);
  allowance.spend('red', 5);
  clock.pass(hourMs);
  allowance.sweep();
  expect(allowance.waitSeconds('red')).toBe(0);
});
