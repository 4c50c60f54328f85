import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#client/ports.ts';

/** Node's own time. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  async wait(ms, signal) {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
