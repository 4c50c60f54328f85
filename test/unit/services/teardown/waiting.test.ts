import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Waiting } from '../../../../appliance/services/teardown/waiting.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

let directory: string;
let clock: FakeClock;
const opened = async (): Promise<Waiting> => {
  const waiting = new Waiting(join(directory, 'waited.json'), clock);
  await waiting.open();
  return waiting;
};
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-waiting-'));
  clock = new FakeClock();
});
afterEach(() => rm(directory, { recursive: true }));

test('counts only while the close is final, by the clock that nobody can set', async () => {
  const waiting = await opened();
  clock.pass(5_000);
  await waiting.look(false);
  clock.pass(5_000);
  await waiting.look(true);
  expect(waiting.seconds).toBe(0);
  clock.pass(5_000);
  clock.jump(10_000_000);
  await waiting.look(true);
  expect(waiting.seconds).toBe(5);
  await waiting.look(false);
  clock.pass(5_000);
  await waiting.look(true);
  expect(waiting.seconds).toBe(5);
});

test('loses a minute at most in a power cut, nothing in an orderly stop, and gains nothing', async () => {
  const first = await opened();
  await first.look(true);
  for (let second = 0; second < 100; second += 1) {
    clock.pass(1_000);
    await first.look(true);
  }
  const afterCut = await opened();
  expect(afterCut.seconds).toBe(60);
  await first.keep();
  const afterStop = await opened();
  // The time that the box was off.
  clock.pass(86_400_000);
  await afterStop.look(true);
  expect(afterStop.seconds).toBe(100);
});
