import { beforeAll, expect, test } from 'vitest';
import { conversationId } from '#protocol/codec/fingerprint.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { Commit, Envelope } from '#protocol/codec/commit-form.ts';
import { directory, file } from '#protocol/pack/node.ts';
import { roomReplica, type RoomReplica } from '#protocol/admit/replica.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { admitted, mission, type SimMission } from '../../../support/swarm-simulator/mission.ts';

let sim: SimMission;
let alice: SimDevice;
let bob: SimDevice;
let carol: SimDevice;

beforeAll(async () => {
  sim = await mission('alice@red', 'bob@blue');
  [alice, bob] = [...sim.devices.values()] as [SimDevice, SimDevice];
  carol = await admitted(bob, 'carol@blue');
  await sync(alice, bob, carol);
});

const genesisOf = (room: RoomReplica) => room.commit(room.heads[0]?.sid as string) as Commit;

/** A genesis like this one, with other words or another tree, truly signed. */
function bent(
  genesis: Commit,
  x: object,
  draft: Partial<Commit> = {},
  lie: Partial<Envelope> = {},
) {
  const { class: cls, envelope, parents, seconds, tree } = genesis;
  const said = { ...envelope, ...lie, x: { ...envelope.x, ...x } };
  return alice.sign({ tree, parents, seconds, class: cls, ...draft, envelope: said });
}

/** What a device that has the mission and not the room says of its genesis. */
const firstVerdict = async (genesis: Commit) =>
  verdict(roomReplica(nodeEngine, bob.mission), genesis);

test('S1: a new room is one signed commit without parents, and its tree says who founded it', async () => {
  const room = await alice.begin([alice.keys.mfp, bob.keys.mfp], { mode: 2 });
  const genesis = genesisOf(room);
  expect([room.size, genesis.parents, genesis.envelope.ps]).toEqual([1, [], []]);
  expect(room.cid).toBe(conversationId(genesis.sid));
  const folders = room.swarm
    .tree(room.view())
    .children.map(({ name, node }) => [name, node.children.map((child) => child.name)]);
  expect(folders).toEqual([
    ['admins', [`${alice.keys.mfp}.json`]],
    ['genesis.json', []],
    ['invited', [`${bob.keys.mfp}.json`]],
    ['proto', []],
  ]);
  expect(await firstVerdict(genesis)).toBe('ok');
});

test('S2: a genesis with a file more is refused, and nothing of it is kept (R12)', async () => {
  const room = await alice.begin([alice.keys.mfp, bob.keys.mfp]);
  const tree = room.swarm.tree(room.view());
  const more = directory(
    new Map([
      ...tree.children.map(({ name, node }) => [name, node] as const),
      ['run.sh', file(new TextEncoder().encode('rm'))],
    ]),
  );
  const worse = await bent(genesisOf(room), {}, { tree: more.object.oid }, { th: toB64u(more.th) });
  const replica = roomReplica(nodeEngine, bob.mission);
  expect(await verdict(replica, worse)).toBe('R12');
  expect([replica.size, replica.cid, replica.heads]).toEqual([0, undefined, []]);
});

test('S4: a genesis of a mode that does not exist is refused (R20)', async () => {
  const genesis = genesisOf(await alice.begin([alice.keys.mfp, bob.keys.mfp]));
  for (const mode of [3, 7]) expect(await firstVerdict(await bent(genesis, { mode }))).toBe('R20');
});

test('S5: a room for two takes no third person, by oneself or by force (R21)', async () => {
  const room = await alice.begin([alice.keys.mfp, bob.keys.mfp], { mode: 0 });
  await expect(alice.add(room.cid as string, carol.keys.mfp)).rejects.toThrow('R21');
  await bob.pull(alice);
  const x = { m: carol.keys.mfp, r: 'member' };
  const forced = await forge(alice, room, { k: 'add', x });
  expect(await verdict(bob.room(room.cid as string), forced)).toBe('R21');
  const three = [alice, bob, carol].map(({ keys }) => keys.mfp);
  await expect(alice.begin(three, { mode: 0 })).rejects.toThrow('R20');
});

test('S6: a room with oneself has one member, whose devices read each other', async () => {
  const room = await alice.begin([alice.keys.mfp], { mode: 0 });
  const cid = room.cid as string;
  await alice.say(cid, 'a note to myself');
  expect([...room.view().state.people.keys()]).toEqual([alice.keys.mfp]);
  await expect(alice.add(cid, bob.keys.mfp)).rejects.toThrow('R21');
});

test('S8: in mode 2 an ordinary member adds somebody, who is invited then', async () => {
  const room = await alice.begin([alice.keys.mfp], { mode: 2 });
  const cid = room.cid as string;
  await alice.rotate(cid);
  await alice.add(cid, bob.keys.mfp);
  await bob.pull(alice);
  await bob.write(bob.room(cid), 'join', {});
  await bob.add(cid, carol.keys.mfp);
  await alice.pull(bob);
  const person = room.view().state.people.get(carol.keys.mfp);
  expect(person).toMatchObject({ granted: 'member', hasJoined: false });
});

test('S28: a commit of no kind, or of an empty one, is no commit (R5)', async () => {
  const room = await alice.begin([alice.keys.mfp, bob.keys.mfp]);
  await expect(forge(alice, room, { k: '' })).rejects.toThrow(/^R5/);
  const { class: cls, envelope, parents, seconds, tree } = await forge(alice, room, { k: 'leave' });
  const { k, ...kindless } = envelope;
  expect(k).toBe('leave');
  const draft = { tree, parents, seconds, class: cls, envelope: kindless as Envelope };
  await expect(alice.sign(draft)).rejects.toThrow(/^R5/);
});
