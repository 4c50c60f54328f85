import { beforeEach, describe, expect, test } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import { directory, file, type Node } from '#protocol/pack/node.ts';
import { missionReplica, roomReplica, type RoomReplica } from '#protocol/admit/replica.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { all, sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { admitted } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';

let sim: SimRoom;
let alice: SimDevice;
let bob: SimDevice;
let denys: SimDevice;

beforeEach(async () => {
  sim = await roomOf(['alice@red', 'bob@blue']);
  [alice, bob] = sim.people as [SimDevice, SimDevice];
  denys = await admitted(bob, 'denys@blue');
  await sync(alice, bob, denys);
});

const treeOf = (room: RoomReplica): Node => room.swarm.tree(room.view());

/** In which folders of the tree somebody stands. */
const placesOf = (room: RoomReplica, { keys }: SimDevice) =>
  treeOf(room)
    .children.filter(({ node }) => node.children.some(({ name }) => name === `${keys.mfp}.json`))
    .map(({ name }) => name);

describe('somebody who is asked in', () => {
  test('S50: is invited and then a member, in the state and in the tree of everybody', async () => {
    await alice.add(sim.room, denys.keys.mfp);
    await sync(alice, bob, denys);
    for (const by of [alice, bob, denys]) {
      expect(placesOf(sim.of(by), denys)).toEqual(['invited']);
    }
    await denys.write(sim.of(denys), 'join', {});
    await sync(alice, bob, denys);
    for (const by of [alice, bob, denys]) {
      expect(placesOf(sim.of(by), denys)).toEqual(['members']);
    }
  });

  test('S52: a join that keeps the invitation, leaves the member out or adds a file is refused (R12)', async () => {
    await alice.add(sim.room, denys.keys.mfp);
    await sync(alice, bob, denys);
    const before = treeOf(sim.of(denys));
    const kept = await forge(denys, sim.of(denys), { k: 'join', x: {} });
    expect(kept.envelope.th).toBe(toB64u(before.th));
    expect(await verdict(sim.of(bob), kept)).toBe('R12');
    const invited = before.children.filter(({ name }) => name !== 'invited');
    const without = directory(new Map(invited.map(({ name, node }) => [name, node])));
    const honest = await denys.write(sim.of(denys), 'join', {});
    const after = treeOf(sim.of(denys));
    const more = directory(
      new Map([
        ...after.children.map(({ name, node }) => [name, node] as const),
        ['note', file(new Uint8Array(1))],
      ]),
    );
    const { class: cls, envelope, parents, seconds } = honest;
    for (const tree of [without, more]) {
      const said = { ...envelope, th: toB64u(tree.th) };
      const lie = await denys.sign({ tree: tree.object.oid, parents, seconds, class: cls, envelope: said }); // prettier-ignore
      expect(await verdict(sim.of(bob), lie)).toBe('R12');
    }
    expect(await verdict(sim.of(bob), honest)).toBe('ok');
  });

  test('S53: reads and writes at once although everybody else is away: a box without keys is enough', async () => {
    await alice.say(sim.room, 'before you came');
    await alice.add(sim.room, denys.keys.mfp);
    const box = missionReplica(nodeEngine, sim.cid);
    const blind = roomReplica(nodeEngine, box, sim.room);
    await box.admit(all(alice.mission));
    await blind.admit(all(sim.of(alice)));
    // Nobody but the box is there from here on.
    await denys.mission.admit(all(box));
    await denys.take(sim.room, all(blind));
    expect(await denys.read(sim.room)).toContain('before you came');
    const joined = await denys.write(sim.of(denys), 'join', {});
    const said = await denys.say(sim.room, 'thank you');
    expect((await blind.admit([joined, said])).ok).toEqual([joined.sid, said.sid]);
    await alice.take(sim.room, all(blind));
    expect(await alice.read(sim.room)).toContain('thank you');
  });
});

describe('somebody who goes', () => {
  test('S74, R23: a leave names nobody, so that it is about its author alone', async () => {
    const other = await forge(alice, sim.of(alice), { k: 'leave', x: { m: bob.keys.mfp } });
    expect(await verdict(sim.of(bob), other)).toBe('R5');
    await alice.add(sim.room, denys.keys.mfp);
    await sync(alice, bob, denys);
    const invited = await forge(denys, sim.of(denys), { k: 'leave' });
    expect(await verdict(sim.of(bob), invited)).toBe('R17');
    await alice.write(sim.of(alice), 'leave');
    await bob.pull(alice);
    expect([placesOf(sim.of(bob), alice), placesOf(sim.of(bob), bob)]).toEqual([
      ['left'],
      ['admins'],
    ]);
  });

  test('S75: a leave that makes its author something else on the way is refused (R12)', async () => {
    await alice.add(sim.room, denys.keys.mfp);
    await sync(alice, bob, denys);
    await denys.write(sim.of(denys), 'join', {});
    await sync(alice, bob, denys);
    const honest = await denys.write(sim.of(denys), 'leave');
    const tree = treeOf(sim.of(denys));
    const entry = tree.children.find(({ name }) => name === 'left')?.node.children[0];
    const admins = tree.children.find(({ name }) => name === 'admins')?.node as Node;
    const risen = directory(
      new Map([...admins.children, ...(entry ? [entry] : [])].map(({ name, node }) => [name, node])), // prettier-ignore
    );
    const bent = directory(
      new Map(tree.children.map(({ name, node }) => [name, name === 'admins' ? risen : node])),
    );
    const { class: cls, envelope, parents, seconds } = honest;
    const said = { ...envelope, th: toB64u(bent.th) };
    const lie = await denys.sign({ tree: bent.object.oid, parents, seconds, class: cls, envelope: said }); // prettier-ignore
    expect(await verdict(sim.of(bob), lie)).toBe('R12');
    expect(await verdict(sim.of(bob), honest)).toBe('ok');
  });
});

test('S166: who was ever here is listed once, with the role of now', async () => {
  const names = ['eve', 'finn', 'gina'];
  const newcomers: SimDevice[] = [];
  // One after the other: a device that writes two commits at one place contradicts itself.
  for (const name of names) newcomers.push(await admitted(alice, `${name}@red`));
  const [eve, finn, gina] = newcomers as [SimDevice, SimDevice, SimDevice];
  const everybody = [alice, bob, denys, eve, finn, gina];
  await sync(...everybody);
  for (const one of [denys, eve, finn]) await alice.add(sim.room, one.keys.mfp);
  await sync(...everybody);
  for (const one of [denys, eve]) await one.write(sim.of(one), 'join', {});
  await sync(...everybody);
  await eve.write(sim.of(eve), 'leave');
  await sync(...everybody);
  const places = everybody.map((one) => placesOf(sim.of(bob), one));
  expect(places).toEqual([['admins'], ['admins'], ['members'], ['left'], ['invited'], []]);
});
