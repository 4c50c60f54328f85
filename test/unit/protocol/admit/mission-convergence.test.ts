import fc from 'fast-check';
import { expect, test } from 'vitest';
import { missionReplica, type MissionReplica } from '#protocol/admit/replica.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { endUnits } from '#protocol/state/end.ts';
import { leadsOf, recordedBox } from '#protocol/state/mission-state.ts';
import { charterOf } from '#protocol/state/rules.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { seeded } from '../../../support/seeded.ts';
import { all } from '../../../support/swarm-simulator/device.ts';
import { everythingOf, randomMission } from '../../../support/swarm-simulator/mission-history.ts';

/** What two replicas of one set must agree on (G3). */
function summary(replica: MissionReplica) {
  const view = replica.view();
  const { state } = view;
  const { hidden, shown } = replica.order();
  return {
    tree: toB64u(replica.swarm.tree(view).th),
    shown: shown.map(({ sid }) => sid),
    hidden: hidden.map(({ op, reason }) => `${op.sid} ${reason}`),
    charter: charterOf(state),
    rules: Object.fromEntries(state.rules),
    box: recordedBox(state),
    boxes: Object.fromEntries([...state.boxes, ...state.chosenBoxes]),
    updates: state.updates,
    conflicts: state.conflicts,
    frozen: state.isFrozen,
    fallen: state.fallen,
    contradictions: state.contradictions,
    closed: state.closed,
    removals: Object.fromEntries(state.removals),
    leads: endUnits(state).map((party) => [party, leadsOf(state, party)]),
    slots: [...state.parties].map(([party, { slot }]) => `${party} ${slot}`).toSorted(),
    ballots: [...state.ballots.keys()].toSorted(),
  };
}

test('equal sets of decisions give one mission, whatever the order and the batches; step by step as from scratch', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
      const random = seeded(seed);
      const sim = await randomMission(random, 45, random() < 0.5);
      expect(sim.refused).toEqual([]);
      const union = everythingOf(sim);
      const first = missionReplica(nodeEngine);
      await first.load(union.toSorted((a, b) => a.envelope.l - b.envelope.l));
      const second = missionReplica(nodeEngine);
      const shuffled = union.map((one) => ({ at: random(), one })).sort((a, b) => a.at - b.at);
      for (let size = -1; size < second.size;) {
        size = second.size;
        for (const { one } of shuffled) await second.load([one]);
      }
      expect([first.size, second.size]).toEqual([union.length, union.length]);
      expect(summary(second)).toEqual(summary(first));
      for (const one of sim.people) {
        const fresh = missionReplica(nodeEngine);
        await fresh.load(all(one.mission));
        expect(summary(fresh)).toEqual(summary(one.mission));
      }
    }),
    { numRuns: 3, seed: 11, endOnFailure: true },
  );
});
