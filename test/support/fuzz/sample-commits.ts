import type { Commit } from '#protocol/codec/commit-form.ts';
import { all } from '../swarm-simulator/device.ts';
import { roomOf } from '../swarm-simulator/room.ts';

/** Commits of a small mission and its room, one of each kind that founding and talking need. */
export async function sampleCommits(): Promise<Commit[]> {
  const sim = await roomOf(['alice@red', 'bob@blue']);
  const [alice] = sim.people;
  if (alice === undefined) throw new Error('nobody is there');
  await alice.say(sim.room, 'Water is rising');
  return [...all(alice.mission), ...all(alice.room(sim.room))];
}
