import type { LocalSwarm } from './local-swarm.ts';
import { minuteOf } from './room.ts';
import type { Self } from './self.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';

/** What retiring needs of a mission. */
interface Retiring {
  self: Self;
  swarm: LocalSwarm<MissionState>;
}

/** This device says that it is none any more (§3.4): it signs nothing after this, and gets no key. */
export async function retire({ self, swarm }: Retiring, nowMs: number): Promise<void> {
  const { dfp } = self;
  const proposal = { k: 'devrev', d: dfp, seconds: minuteOf(nowMs), x: { d: dfp } };
  await swarm.write(() => Promise.resolve({ proposal }));
}
