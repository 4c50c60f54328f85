import { expect, test } from 'vitest';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { KeyRing } from '#protocol/keys/key-ring.ts';
import { devicesWithoutKey, epochToWrite, isRotationDue } from '#protocol/keys/rotation.ts';
import type { Op } from '#protocol/state/op.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { admitted, mission } from '../../../support/swarm-simulator/mission.ts';
import { roomOf } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

const ownOf = ({ keys }: SimDevice) => ({
  device: keys.dfp,
  member: keys.mfp,
  deviceKeys: [keys.deviceKey],
  inbox: keys.inbox,
});

test('S103: a box with a wrong key is broken, and a share by somebody else repairs it (K1)', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue']);
  const [alice, bob] = sim.people as [SimDevice, SimDevice];
  const cid = sim.room;
  const x = alice.epochArguments(cid);
  const other = alice.epochArguments(cid);
  const boxes = x.boxes.map((entry) =>
    entry[0] === bob.keys.dfp ? (other.boxes.find(([d]) => d === bob.keys.dfp) ?? entry) : entry,
  );
  const commit = await alice.write(alice.room(cid), 'epoch', { ...x, boxes } as unknown as {
    [key: string]: Json;
  });
  await bob.pull(alice);
  const ring = new KeyRing(cid);
  const op = bob.room(cid).op(commit.sid) as Op;
  expect(await ring.learn(op, ownOf(bob))).toBe('broken');
  expect(ring.key(x.id)).toBeUndefined();
});

test('S107: with linked history a newcomer reads everything from the newest key', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue']);
  const [alice, bob] = sim.people as [SimDevice, SimDevice];
  for (const text of ['one', 'two', 'three']) {
    await alice.rotate(sim.room);
    await alice.say(sim.room, text);
  }
  const carol = await admitted(bob, 'carol@blue');
  await sync(alice, bob);
  await alice.add(sim.room, carol.keys.mfp);
  await carol.pull(alice);
  expect(await carol.read(sim.room)).toEqual(['one', 'two', 'three']);
});

test('S106: without linked history a newcomer cannot open what was before', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue'], { hist: 'join' });
  const [alice, bob] = sim.people as [SimDevice, SimDevice];
  await alice.say(sim.room, 'before');
  await alice.rotate(sim.room);
  const carol = await admitted(bob, 'carol@blue');
  await sync(alice, bob);
  await alice.add(sim.room, carol.keys.mfp);
  await alice.say(sim.room, 'after');
  await carol.pull(alice);
  expect(await carol.read(sim.room)).toEqual(['after']);
});

test('S184: banning an invited person who was given the key forces a new one (K11)', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue', 'carol@green']);
  const [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
  const dora = await admitted(carol, 'dora@green');
  await sync(alice, bob, carol);
  await alice.add(sim.room, dora.keys.mfp);
  const before = alice.room(sim.room).view();
  expect(epochToWrite(before.state, before.mission, alice.ring(sim.room), 0)).toBeDefined();
  const motion = { a: 'ban', c: 'member', u: dora.keys.mfp };
  const votes = [await vote(alice, alice.room(sim.room), motion)];
  await sync(alice, bob);
  votes.push(await vote(bob, bob.room(sim.room), motion));
  await resolve(bob, bob.room(sim.room), motion, votes);
  await sync(alice, bob, carol);
  const after = alice.room(sim.room).view();
  expect(epochToWrite(after.state, after.mission, alice.ring(sim.room), 0)).toBeUndefined();
  const old = before.state.newest[0] as string;
  await expect(alice.sayUnder(sim.room, old, 'careless')).rejects.toThrow('K4');
});

test('S105: of two concurrent keys both can be used, and the next one supersedes both (K5)', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue']);
  const [alice, bob] = sim.people as [SimDevice, SimDevice];
  await Promise.all([alice.rotate(sim.room), bob.rotate(sim.room)]);
  await alice.say(sim.room, 'mine');
  await bob.say(sim.room, 'yours');
  await sync(alice, bob);
  expect(alice.room(sim.room).view().state.newest).toHaveLength(2);
  await alice.rotate(sim.room);
  await alice.say(sim.room, 'ours');
  await sync(alice, bob);
  expect(alice.room(sim.room).view().state.newest).toHaveLength(1);
  expect((await bob.read(sim.room)).toSorted()).toEqual(['mine', 'ours', 'yours']);
});

test('founders get the key before they join, so that the creator need not be there then (K18)', async () => {
  const sim = await mission('alice@red', 'bob@blue');
  const [alice, bob] = [sim.device('alice@red'), sim.device('bob@blue')];
  const cid = (await alice.begin([alice.keys.mfp, bob.keys.mfp])).cid as string;
  await alice.rotate(cid);
  const { mission: people, state } = alice.room(cid).view();
  expect(devicesWithoutKey(state, people)).toEqual([bob.keys.dfp]);
  await alice.shareKeys(cid);
  await alice.say(cid, 'read this when you come');
  await bob.pull(alice);
  expect(await bob.read(cid)).toEqual(['read this when you come']);
  await bob.write(bob.room(cid), 'join', {});
  await bob.say(cid, 'here I am');
  await sync(alice, bob);
  expect(await alice.read(cid)).toEqual(['read this when you come', 'here I am']);
  const after = alice.room(cid).view();
  expect(devicesWithoutKey(after.state, after.mission)).toEqual([]);
});

test('a key is changed after 500 messages or seven days (K8)', () => {
  expect([isRotationDue(499, 0), isRotationDue(500, 0)]).toEqual([false, true]);
  expect([isRotationDue(0, 604_799), isRotationDue(0, 604_800)]).toEqual([false, true]);
});
