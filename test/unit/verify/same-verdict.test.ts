import { expect, test } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import { missionReplica, roomReplica } from '#protocol/admit/replica.ts';
import { readCommit } from '../../../provisioning/verify/commit/commit.ts';
import { MissionCheck } from '../../../provisioning/verify/mission/check.ts';
import { parentsFirst, RoomCheck } from '../../../provisioning/verify/room/check.ts';
import { missionFiles } from '../../../provisioning/verify/tree/mission-tree.ts';
import { Trees } from '../../../provisioning/verify/tree/tree.ts';
import type { Resolution } from '../../../provisioning/verify/resolve/resolution.ts';
import { nodeEngine } from '../../support/protocol-ports.ts';
import { seeded } from '../../support/seeded.ts';
import { everything, randomHistory } from '../../support/swarm-simulator/history.ts';

/** The same questions to the verifier and to the library, about one random mission and its room. */
async function bothVerdicts(seed: number, length: number) {
  const random = seeded(seed);
  const sim = await randomHistory(random, length, random() < 0.5);
  const known = everything(sim);

  const library = missionReplica(nodeEngine);
  await library.load(known.mission);
  const room = roomReplica(nodeEngine, library, sim.room);
  for (let before = -1; before < room.size;) {
    before = room.size;
    await room.load(known.room);
  }

  const trees = new Trees();
  const [commits, said] = [known.mission, known.room].map((list) =>
    parentsFirst(list.map(({ raw }) => readCommit(raw))),
  ) as [ReturnType<typeof parentsFirst>, ReturnType<typeof parentsFirst>];
  const mission = new MissionCheck(sim.cid, commits[0] as never, trees);
  // A commit that does not hold would end the test here: the library admitted all of them.
  for (const op of commits.map((one) => mission.place(one))) mission.judge(op);
  const check = new RoomCheck(sim.room, said[0] as never, mission, trees, () => undefined);
  for (const op of said.map((one) => check.place(one))) check.judge(op);
  const [own, whole] = [mission.swarm.whole(), check.whole()];

  return {
    verifier: {
      mission: toB64u(trees.make(missionFiles(own.state)).th),
      room: toB64u(check.treeOf(whole.state).th),
      hidden: [hiddenIn(own), hiddenIn(whole)],
      frozen: [own.state.isFrozen, whole.state.isFrozen],
    },
    library: {
      mission: toB64u(library.swarm.tree(library.view()).th),
      room: toB64u(room.swarm.tree(room.view()).th),
      hidden: [library, room].map((one) =>
        one
          .order()
          .hidden.map(({ op, reason }) => `${op.sid} ${reason}`)
          .sort(),
      ),
      frozen: [library.view().state.isFrozen, room.view().state.isFrozen],
    },
  };
}

function hiddenIn<S>(view: Resolution<S>): string[] {
  return view.swarm.graph.ops
    .flatMap((op) => {
      const reason = view.reason(op);
      return reason === undefined ? [] : [`${op.sid} ${reason}`];
    })
    .sort();
}

test.each([4, 9, 15, 26])(
  'the verifier and the library say the same of random mission %i: every tree, every hidden commit',
  async (seed) => {
    const { library, verifier } = await bothVerdicts(seed, 50);
    expect(verifier).toEqual(library);
  },
);
