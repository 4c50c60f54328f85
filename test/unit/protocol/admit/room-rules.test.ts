import { beforeAll, expect, test } from 'vitest';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { admitted } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';

let sim: SimRoom;
let alice: SimDevice;
let bob: SimDevice;
let carol: SimDevice;
let denys: SimDevice;

beforeAll(async () => {
  sim = await roomOf(['alice@red', 'bob@blue', 'carol@red']);
  [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
  denys = await admitted(bob, 'denys@blue');
  await sync(alice, bob, carol, denys);
});

const refusedBy = async (device: SimDevice, k: string, x = {}) =>
  verdict(sim.of(bob), await forge(device, sim.of(device), { k, x: x as never }));

test('S51: joining without an invitation is refused (R22)', async () => {
  expect(await refusedBy(denys, 'join')).toBe('R22');
});

test('somebody who is not in the room writes nothing in it (R17)', async () => {
  expect(await refusedBy(denys, 'add', { m: denys.keys.mfp, r: 'member' })).toBe('R17');
});

test('S7: in mode 1 only an admin adds people (R21)', async () => {
  expect(await refusedBy(carol, 'add', { m: denys.keys.mfp, r: 'member' })).toBe('R21');
  await alice.add(sim.room, denys.keys.mfp);
  await sync(alice, bob, carol, denys);
  expect(sim.of(bob).order().hidden).toEqual([]);
});

test('nobody adds himself, somebody inside, or an admin (R21)', async () => {
  expect(await refusedBy(alice, 'add', { m: alice.keys.mfp, r: 'member' })).toBe('R21');
  expect(await refusedBy(alice, 'add', { m: carol.keys.mfp, r: 'member' })).toBe('R21');
});

test('S54: adding a fingerprint that the mission does not have is refused (M4)', async () => {
  expect(await refusedBy(alice, 'add', { m: 'a'.repeat(52), r: 'member' })).toBe('M4');
});

test('S97: in a room whose profile is for admins a member changes nothing (R31)', async () => {
  const e = [...sim.of(carol).view().state.epochs.keys()][0] as string;
  const h = sim.of(carol).heads[0]?.envelope.th as string;
  const commit = await forge(carol, sim.of(carol), { k: 'profile', x: { h }, lie: { e } });
  const answer = await sim.of(bob).admit([commit]);
  expect(answer).toMatchObject({ ok: [], missing: { blobs: [h] } });
});

test('a merge of one parent joins nothing (R32)', async () => {
  const commit = await forge(alice, sim.of(alice), { k: 'merge' });
  expect(await verdict(sim.of(bob), commit)).toBe('R32');
});

test('S90: who has left writes no more, and comes back by an invitation and a join', async () => {
  await carol.write(sim.of(carol), 'leave');
  await sync(alice, bob, carol);
  expect(await refusedBy(carol, 'join')).toBe('R22');
  await expect(carol.say(sim.room, 'still here')).rejects.toThrow('R17');
  await alice.add(sim.room, carol.keys.mfp);
  await sync(alice, bob, carol);
  await carol.write(sim.of(carol), 'join', {});
  await sync(alice, bob, carol);
  await alice.say(sim.room, 'welcome back');
  await sync(alice, bob, carol);
  expect(await carol.read(sim.room)).toContain('welcome back');
});

test('S102: an epoch that leaves a device out, or adds one, is refused (K2)', async () => {
  const draft = alice.epochArguments(sim.room);
  const fewer = { ...draft, boxes: draft.boxes.slice(1) };
  expect(await refusedBy(alice, 'epoch', fewer)).toBe('K2');
});

test('an epoch of the wrong generation or parents is refused (K3)', async () => {
  const draft = alice.epochArguments(sim.room);
  expect(await refusedBy(alice, 'epoch', { ...draft, g: draft.g + 1 })).toBe('K3');
  expect(await refusedBy(alice, 'epoch', { ...draft, p: [] })).toBe('K3');
});

test('S183: an epoch whose ephemeral key is of low order is refused (K10)', async () => {
  const draft = alice.epochArguments(sim.room);
  const weak = Buffer.alloc(32).toString('base64url');
  expect(await refusedBy(alice, 'epoch', { ...draft, ek: weak })).toBe('K10');
});

test('only who holds a key shares it, and only with readers of the room (K11, K18)', async () => {
  await denys.write(sim.of(denys), 'join', {});
  await sync(alice, bob, carol, denys);
  const known = sim.of(denys).view().state.newest[0] as string;
  await bob.rotate(sim.room);
  await bob.say(sim.room, 'under the newer key');
  const ek = Buffer.from(denys.keys.deviceKey.publicKey).toString('base64url');
  const x = { box: [['A'.repeat(32), 'A'.repeat(64)]], e: [known], ek, to: carol.keys.dfp };
  expect(await refusedBy(denys, 'share', { ...x, to: 'a'.repeat(52) })).toBe('K18');
  expect(await refusedBy(denys, 'share', { ...x, e: ['a'.repeat(32)] })).toBe('K18');
  expect(await refusedBy(denys, 'share', x)).toBe('ok');
});
