import { expect, test } from 'vitest';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { H32 } from '#protocol/codec/hash.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { apply, issue } from '#protocol/identity/certificate.ts';
import { issueTicket } from '#protocol/identity/ticket.ts';
import { nextParents } from '#protocol/state/child-state.ts';
import { isUsable } from '#protocol/state/holders.ts';
import type { Op } from '#protocol/state/op.ts';
import { seedOf } from '../../../support/people.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { asOf } from '../../../support/swarm-simulator/fork.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { further, mission } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';

type X = { [key: string]: Json };

/** Bob's epoch commit, written where Zoe was not inside, with the id of one that she can open. */
async function copiedEpoch() {
  const sim = await roomOf(['alice@red', 'bob@blue', 'carol@green', 'zoe@green']);
  const [alice, bob, carol, zoe] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
  await zoe.write(sim.of(zoe), 'leave');
  await sync(...sim.people);
  await alice.rotate(sim.room);
  await bob.pull(alice);
  await alice.add(sim.room, zoe.keys.mfp);
  await zoe.pull(alice);
  await zoe.write(sim.of(zoe), 'join', {});
  await alice.pull(zoe);
  await alice.rotate(sim.room);
  const id = sim.of(alice).view().state.newest[0] as string;
  const x = { ...bob.epochArguments(sim.room), id } as unknown as X;
  const proposal = { k: 'epoch', d: bob.keys.dfp, seconds: 1_800_000_000, x };
  const draft = await sim.of(bob).propose(proposal);
  if (!draft.ok) throw new Error(draft.rule);
  return { sim, alice, bob, carol, zoe, id, copy: await bob.sign(draft.value) };
}

test('K4, K11: a copied epoch id does not hide a holder who is removed later', async () => {
  const { alice, copy, id, sim, zoe } = await copiedEpoch();
  await zoe.pull(alice);
  expect(await verdict(sim.of(alice), copy)).toBe('ok');
  expect(sim.of(alice).view().state.epochs.get(id)?.holders).toContain(zoe.keys.dfp);
  await zoe.write(sim.of(zoe), 'leave');
  await alice.pull(zoe);
  const { mission: above, state } = sim.of(alice).view();
  expect(isUsable(state, above, id)).toBe(false);
});

test('K1: who meets the copy of an epoch id first still learns the key of the real one', async () => {
  const { alice, carol, copy, id, sim } = await copiedEpoch();
  await carol.take(sim.room, [copy]);
  await carol.pull(alice);
  await carol.take(sim.room, [copy]);
  expect(carol.ring(sim.room).key(id)).toEqual(alice.ring(sim.room).key(id));
});

/** The second device builds on these branches as a modified client would. */
async function joinBranches(sim: SimRoom, second: SimDevice, branches: readonly Op[]) {
  const room = sim.of(second);
  const { swarm } = room;
  const own = room.newest(second.keys.dfp) ?? (room.heads[0] as Op);
  const parents = [...swarm.graph.maximal([own, ...branches])];
  const view = swarm.view(swarm.graph.causes(parents), second.mission.heads);
  const tree = swarm.tree(view);
  const lie = { th: toB64u(tree.th) };
  const merge = await forge(second, room, {
    k: 'merge',
    parents,
    lie,
    draft: { tree: tree.object.oid },
  });
  expect(await verdict(room, merge)).toBe('ok');
}

test('K3: however many epochs a forked device makes, there is a next one', async () => {
  const sim = await roomOf(['alice@red', 'mallory@blue']);
  const [alice, mallory] = sim.people as [SimDevice, SimDevice];
  const second = await further(mallory, 'mallory2@blue');
  await sync(alice, mallory, second);
  const at = sim.of(mallory).newest(mallory.keys.dfp) as Op;
  let branches: Op[] = [];
  for (let i = 0; i < 77; i++) {
    const fork = await asOf(mallory, sim.of(mallory), at);
    const made = await fork.device.rotate(sim.room);
    await sim.of(second).admit([made]);
    branches.push(sim.of(second).swarm.graph.get(made.sid) as Op);
    if (branches.length < 7) continue;
    await joinBranches(sim, second, branches);
    branches = [];
  }
  await alice.pull(second);
  const { state } = sim.of(alice).view();
  expect(state.newest.length).toBeGreaterThan(64);
  expect(nextParents(state)).toHaveLength(64);
  await alice.rotate(sim.room);
  expect(sim.of(alice).view().state.newest).toHaveLength(1);
  await alice.say(sim.room, 'still here');
});

test('J2: a ticket cannot have the serial of another, so an old place takes nobody an invitation', async () => {
  const sim = await mission('alice@red', 'bob@blue');
  const [alice, bob] = [sim.device('alice@red'), sim.device('bob@blue')];
  const terms = { cid: sim.cid, kind: 'person', uses: 1, rooms: [], delegating: false } as const;
  const secret = seedOf('an invitation of red');
  const real = await issueTicket(alice.engine, alice.keys.member, secret, {
    ...terms,
    party: alice.keys.pfp,
  });
  const other = seedOf('a secret of blue');
  const own = await issueTicket(bob.engine, bob.keys.member, other, {
    ...terms,
    party: bob.keys.pfp,
  });
  const key = seedSigner(H32('inv-sign', other));
  const t = await issue(await apply({ ...own.c, serial: real.c.serial }, key), bob.keys.member);
  const copy = await forge(bob, bob.mission, { k: 'invite', x: { t } as unknown as X });
  expect(await verdict(alice.mission, copy)).toBe('J2');
});
