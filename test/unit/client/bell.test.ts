import { describe, expect, it } from 'vitest';
import { backOffMs, Bell } from '#client/bell.ts';
import { nodeClock } from '../../../appliance/terminal/platform/node-clock.ts';

describe('the bell', () => {
  it('wakes who rests', async () => {
    const bell = new Bell(nodeClock);
    const rested = bell.rest(60_000, new AbortController().signal);
    bell.ring();
    await rested;
  });

  it('does not lose a ring that comes before the rest, and counts it once', async () => {
    const bell = new Bell(nodeClock);
    bell.ring();
    bell.ring();
    await bell.rest(60_000, new AbortController().signal);
    let isAwake = false;
    const stop = new AbortController();
    const second = bell.rest(60_000, stop.signal).then(() => (isAwake = true));
    await Promise.resolve();
    expect(isAwake).toBe(false);
    stop.abort();
    await second;
  });

  it('pauses twice as long after each failure, up to fifteen seconds', () => {
    expect([1, 2, 3, 4].map(backOffMs)).toEqual([1000, 2000, 4000, 8000]);
    expect(backOffMs(50)).toBe(15_000);
  });
});
