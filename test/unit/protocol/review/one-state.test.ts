import { expect, test } from 'vitest';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { file } from '#protocol/pack/node.ts';
import { resolve as resolveSet } from '#protocol/state/resolve/resolve.ts';
import { statusOf } from '#protocol/state/child-state.ts';
import type { Op } from '#protocol/state/op.ts';
import { all, sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { asOf } from '../../../support/swarm-simulator/fork.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { further } from '../../../support/swarm-simulator/mission.ts';
import { roomOf } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

test('V2: a resolution that rests on a struck ballot has one state, step by step or from scratch', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue', 'carol@blue']);
  const [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
  const room = await alice.begin([alice.keys.mfp], { unit: 'member' });
  const cid = room.cid as string;
  await alice.rotate(cid);
  for (const one of [bob, carol]) await alice.add(cid, one.keys.mfp);
  await sync(alice, bob, carol);
  for (const one of [bob, carol]) await one.write(one.room(cid), 'join', {});
  const second = await further(alice, 'alice2@red');
  await sync(alice, bob, carol, second);
  // The only admin votes on one branch of her first device, and resolves by her second.
  const at = alice.room(cid).newest(alice.keys.dfp) as Op;
  const fork = await asOf(alice, alice.room(cid), at);
  const motion = { a: 'ban', c: 'member', u: carol.keys.mfp };
  const ballot = await vote(alice, alice.room(cid), motion);
  const other = await fork.device.rotate(cid);
  await second.pull(alice);
  await second.take(cid, [other]);
  const resolution = await resolve(second, second.room(cid), motion, [ballot]);
  await bob.pull(second);
  const mine = bob.room(cid);
  expect(mine.has(resolution.sid)).toBe(true);
  const { mission, state } = mine.view();
  const { swarm } = mine;
  const set = swarm.graph.causes(mine.heads);
  const fresh = resolveSet(swarm.setting(swarm.above(mine.missionHeads())), {
    ops: swarm.graph.closure(set.frontier),
    forks: set.forks,
  });
  expect(fresh.fallen).toEqual([resolution.sid]);
  expect(state.fallen).toEqual(fresh.fallen);
  expect(statusOf(state, mission, carol.keys.mfp)).toBe('member');
});

test('M6: the cut follows the first notices, whatever those devices wrote since', async () => {
  const sim = await roomOf(['alice@red', 'mallory@blue', 'carol@green', 'eve@grey', 'dave@grey']);
  const [alice, mallory, carol, eve, dave] = sim.people as [
    SimDevice,
    SimDevice,
    SimDevice,
    SimDevice,
    SimDevice,
  ];
  await mallory.say(sim.room, 'known to all');
  await sync(...sim.people);
  const motion = { a: 'ban', c: 'member', u: mallory.keys.mfp };
  const votes: Commit[] = [];
  for (const one of [alice, carol, eve]) {
    votes.push(await vote(one, one.mission, motion));
    for (const to of [alice, carol, eve]) await to.mission.admit(all(one.mission));
  }
  await resolve(alice, alice.mission, motion, votes);
  await carol.mission.admit(all(alice.mission));
  for (const one of [alice, carol]) await one.say(sim.room, 'a notice');
  const late: Commit[] = [];
  for (const n of [1, 2, 3]) late.push(await mallory.say(sim.room, `late ${n}`));
  await dave.take(sim.room, late);
  await dave.say(sim.room, 'dave knows of no ban');
  // Both take in what the unaware built on; then they write control commits, which are no notices.
  for (const one of [alice, carol]) await one.take(sim.room, all(sim.of(dave)));
  for (const [one, other] of [
    [alice, carol],
    [carol, alice],
  ] as const) {
    await one.take(sim.room, all(sim.of(other)));
    await one.rotate(sim.room);
  }
  await alice.take(sim.room, all(sim.of(carol)));
  const { hidden } = sim.of(alice).order();
  expect(hidden.map(({ op }) => op.sid).toSorted()).toEqual(late.map(({ sid }) => sid).toSorted());
});

test('C9: a message concurrent with a demotion is hidden in a moderated room where nobody was ever removed', async () => {
  const more = { post: 'admin', unit: 'member' };
  const sim = await roomOf(['alice@red', 'bob@blue', 'carol@green'], more);
  const [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
  const motion = { a: 'demote', c: 'member', u: carol.keys.mfp };
  const votes = [await vote(alice, sim.of(alice), motion)];
  await sync(alice, bob);
  votes.push(await vote(bob, sim.of(bob), motion));
  const said = await carol.say(sim.room, 'concurrent');
  await resolve(bob, sim.of(bob), motion, votes);
  await sync(alice, bob, carol);
  const { hidden } = sim.of(alice).order();
  expect(hidden.map(({ op, reason }) => [op.sid, reason])).toEqual([[said.sid, 'demoted']]);
});

test('K19, R31: a profile whose blob has no sealed size is refused', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue']);
  const [alice, bob] = sim.people as [SimDevice, SimDevice];
  const e = sim.of(alice).view().state.newest[0] as string;
  const small = new Uint8Array(3);
  const h = toB64u(file(small).th);
  const other = await forge(alice, sim.of(alice), { k: 'profile', x: { h }, lie: { e } });
  expect((await sim.of(bob).admit([other], [small])).no).toEqual([[other.sid, 'R31']]);
  expect(await verdict(sim.of(bob), other)).toBe('R31');
});

test('V5, R14: an epoch that one device makes while another leaves keeps nobody from writing', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue', 'carol@green']);
  const [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
  const laptop = await further(carol, 'carol laptop@green');
  await sync(alice, bob, carol, laptop);
  await laptop.write(laptop.room(sim.room), 'leave');
  const made = await carol.rotate(sim.room);
  await alice.pull(laptop);
  await alice.take(sim.room, [made]);
  // It has effect, so it is among the epochs that the next one must name (K3).
  expect(sim.of(alice).view().state.newest).toEqual([(made.envelope.x as { id: string }).id]);
  const said = await alice.say(sim.room, 'after');
  await bob.pull(alice);
  expect(sim.of(bob).has(said.sid)).toBe(true);
  expect(await bob.read(sim.room)).toContain('after');
});
