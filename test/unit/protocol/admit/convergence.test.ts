import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { missionReplica, roomReplica, type RoomReplica } from '#protocol/admit/replica.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { seeded } from '../../../support/seeded.ts';
import { everything, randomHistory } from '../../../support/swarm-simulator/history.ts';

/** What two replicas with one set must agree on (G3). */
function summary(room: RoomReplica) {
  const { hidden, shown } = room.order();
  const { mission, state } = room.view();
  return {
    tree: toB64u(room.swarm.tree(room.view()).th),
    shown: shown.map(({ sid }) => sid),
    hidden: hidden.map(({ op, reason }) => `${op.sid} ${reason}`),
    people: Object.fromEntries(state.people),
    removals: Object.fromEntries(state.removals),
    missionRemovals: Object.fromEntries(mission.removals),
    ballots: new Set(state.ballots.keys()),
    newest: state.newest,
    frozen: state.isFrozen,
  };
}

/** Delivers until nothing moves, as peers that repeat themselves do. */
async function deliver(
  order: readonly Commit[][],
  cid: string,
  missionFirst: Commit[],
  late: Commit[],
) {
  const mission = missionReplica(nodeEngine);
  await mission.load(missionFirst);
  const room = roomReplica(nodeEngine, mission, cid);
  const refusals = new Map<string, string>();
  for (let before = -1; before < room.size;) {
    before = room.size;
    for (const batch of order) {
      const { no } = await room.load(batch);
      for (const [sid, rule] of no) refusals.set(sid, rule);
    }
    await mission.load(late);
    await room.retry();
  }
  return { room, refusals };
}

test('S42, S36: equal sets give equal state, order and hidden commits, whatever the order and batches', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
      const random = seeded(seed);
      const sim = await randomHistory(random, 40, random() < 0.5);
      expect(sim.refused).toEqual([]);
      const { mission, room } = everything(sim);
      const shuffled = room.map((one) => ({ at: random(), one })).sort((a, b) => a.at - b.at);
      const batches: Commit[][] = [[]];
      for (const { one } of shuffled) {
        if (random() < 0.2) batches.push([]);
        batches.at(-1)?.push(one);
      }
      const half = Math.floor(mission.length * random());
      const first = await deliver([room], sim.room, mission, []);
      const second = await deliver(batches, sim.room, mission.slice(0, half), mission);
      expect(summary(second.room)).toEqual(summary(first.room));
      expect(second.room.size).toBe(room.length);
    }),
    { numRuns: 12, seed: 7, endOnFailure: true },
  );
}, 240_000);

test('a state built step by step is the state resolved from scratch', async () => {
  for (const seed of [3, 11, 27]) {
    const sim = await randomHistory(seeded(seed), 40);
    const { mission, room } = everything(sim);
    const { room: whole } = await deliver([room], sim.room, mission, []);
    for (const one of sim.people) {
      const mine = sim.of(one);
      const fresh = await deliver(
        [room.filter(({ sid }) => mine.has(sid))],
        sim.room,
        mission.filter(({ sid }) => one.mission.has(sid)),
        [],
      );
      expect(summary(fresh.room)).toEqual(summary(mine));
    }
    expect(whole.size).toBe(room.length);
  }
});
