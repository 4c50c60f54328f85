import { expect, test } from 'vitest';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import type { Op } from '#protocol/state/op.ts';
import { cidOf } from '../../../provisioning/verify/bytes/hash.ts';
import { bothPrograms, caseOf, type Opinions } from '../../support/both-programs.ts';
import { seedOf } from '../../support/people.ts';
import { nodeEngine } from '../../support/protocol-ports.ts';
import { sync, type SimDevice } from '../../support/swarm-simulator/device.ts';
import { agreementTo, close, finalOf, recordNamed } from '../../support/swarm-simulator/end.ts';
import { forge, verdict } from '../../support/swarm-simulator/forge.ts';
import { asOf } from '../../support/swarm-simulator/fork.ts';
import { further, mission, nothing64 } from '../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../support/swarm-simulator/room.ts';
import { scanner, sheet } from '../../support/swarm-simulator/ticket.ts';
import { decide, resolve, vote } from '../../support/swarm-simulator/vote.ts';

/** What both programs say of all that these devices and these commits are; they must agree. */
async function agreed(
  devices: readonly SimDevice[],
  more: { mission?: readonly Commit[]; rooms?: Record<string, readonly Commit[]> } = {},
): Promise<Opinions> {
  const held = caseOf(...devices);
  const mission = [...held.mission, ...(more.mission ?? [])];
  const rooms = new Map(held.rooms);
  for (const [cid, commits] of Object.entries(more.rooms ?? {})) {
    rooms.set(cid, [...(rooms.get(cid) ?? []), ...commits]);
  }
  const [library, verifier] = await bothPrograms({ ...held, mission, rooms });
  expect(verifier).toEqual(library);
  return library;
}

const reasonIn = (said: Opinions, swarm: string, { sid }: Pick<Commit, 'sid'>) =>
  said[swarm]?.hidden.find((row) => row.includes(sid))?.split(' ')[2];

/** A message that nobody can open; its tree and all that is clear are right. */
function post(by: SimDevice, { of, room }: SimRoom) {
  const e = [...of(by).view().state.newest][0] as string;
  const sealed = { body: new Uint8Array(24 + 16 + 256), e, pc: nothing64 };
  return forge(by, of(by), { k: 'msg', sealed, lie: { cid: room } });
}

const preKey = () => ({
  pre: { id: toB64u(new Uint8Array(8)), x: toB64u(scalarKey(nodeEngine.random(32)).publicKey) },
});

test('M4, R13: a device found out in the mission writes in no conversation for those who know', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue', 'carol@green']);
  const [alice, bob] = sim.people as [SimDevice, SimDevice];
  const { sid } = await alice.write(alice.mission, 'devadd', preKey());
  const old = await asOf(alice, alice.mission, alice.mission.op(sid) as Op);
  await alice.write(alice.mission, 'devadd', preKey());
  const twin = await old.device.write(old.replica, 'devadd', preKey());
  // Who has only one branch knows of nothing: what is written so stays valid for good.
  const before = await post(alice, sim);
  expect(await verdict(sim.of(alice), before)).toBe('ok');
  const other = await alice.begin([alice.keys.mfp, bob.keys.mfp]);
  const { envelope, ...genesis } = [...other.commits()][0] as Commit;
  await alice.mission.load([twin]);
  const after = await post(alice, sim);
  expect(await verdict(sim.of(alice), after)).toBe('R13');
  const mh = alice.mission.heads.map((head) => head.sid).sort();
  const begun = await alice.sign({ ...genesis, envelope: { ...envelope, mh } });
  const cid = cidOf(begun.sid);
  await expect(alice.begin([alice.keys.mfp, bob.keys.mfp])).rejects.toThrow('R13');
  await bob.pull(alice);
  const honest = await post(bob, sim);
  const said = await agreed(sim.people, { rooms: { [sim.room]: [after, honest], [cid]: [begun] } });
  const held = said[sim.room]?.held;
  expect([before, after, honest].map((one) => held?.includes(one.sid))).toEqual([
    true,
    false,
    true,
  ]);
  expect([said[other.cid as string]?.held.length, said[cid]?.held]).toEqual([1, []]);
});

test('X2, S93, C5: a ballot of somebody whose promotion fell has no standing, whatever it is about', async () => {
  const sim = await roomOf(['x@p', 'y@q', 'z@r'], { unit: 'member' }, 1);
  const [x, y, z] = sim.people as [SimDevice, SimDevice, SimDevice];
  const about = (a: string, whom: SimDevice) => ({ a, c: 'member', u: whom.keys.mfp });
  const x2 = await further(x, 'x2@p');
  await sync(x, x2, y, z);
  const first = await vote(x, sim.of(x), about('promote', y));
  await resolve(x, sim.of(x), about('promote', y), [first]);
  const votes = [await vote(x, sim.of(x), about('promote', z))];
  await sync(x, y, z);
  const ofY = await vote(y, sim.of(y), about('promote', z));
  await resolve(y, sim.of(y), about('promote', z), [...votes, ofY]);
  await sync(x, y, z);
  expect(reasonIn(await agreed([x, y, z]), sim.room, ofY)).toBeUndefined();
  for (const whom of [y, z]) {
    const ballot = await vote(x2, x2.room(sim.room), about('ban', whom));
    await resolve(x2, x2.room(sim.room), about('ban', whom), [ballot]);
  }
  await sync(x, x2, y, z);
  expect(reasonIn(await agreed([x, x2, y, z]), sim.room, ofY)).toBe('no-standing');
});

test('R29: a ballot cast because no admin is left rests on no promotion and stays', async () => {
  const sim = await roomOf(['x@p', 'y@q', 'z@r', 'w@q'], { unit: 'member' }, 1);
  const [x, y, z, w] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
  await x.write(sim.of(x), 'leave');
  await sync(x, y, z, w);
  const motion = { a: 'promote', c: 'member', u: z.keys.mfp };
  const votes = [await vote(y, sim.of(y), motion), await vote(w, sim.of(w), motion)];
  await sync(y, z, w);
  await resolve(w, sim.of(w), motion, votes);
  await sync(y, z, w);
  const said = await agreed([y, z, w]);
  for (const one of votes) expect(reasonIn(said, sim.room, one)).toBeUndefined();
});

test('T3: of a contested record any of the boxes may have proposed, no other', async () => {
  const sim = await mission('alice@red', 'bob@blue');
  const people = ['alice@red', 'bob@blue'].map((name) => sim.device(name));
  const [one, two] = people as [SimDevice, SimDevice];
  const boxes = ['one', 'two', 'three'].map((name) => seedSigner(seedOf(name)));
  for (const [i, by] of people.entries()) {
    await by.write(by.mission, 'box', { bk: toB64u((boxes[i] as (typeof boxes)[0]).publicKey) });
  }
  await sync(one, two);
  await close(sim.cid, [one, two]);
  await one.write(one.mission, 'final', finalOf(one));
  const arguments_ = await Promise.all(
    boxes.map((box, i) => agreementTo({ box, cid: sim.cid }, one, recordNamed(i))),
  );
  const [first, second, third] = arguments_ as [(typeof arguments_)[0], (typeof arguments_)[0], (typeof arguments_)[0]]; // prettier-ignore
  const made = [await one.write(one.mission, 'agree', first), await one.write(one.mission, 'agree', second)]; // prettier-ignore
  const forged = await forge(one, one.mission, { k: 'agree', x: third });
  expect(await verdict(one.mission, forged)).toBe('T3');
  const held = (await agreed([one, two], { mission: [forged] }))['mission']?.held;
  expect([...made, forged].map(({ sid }) => held?.includes(sid))).toEqual([true, true, false]);
});

test('M6: of a banned device that forked, both branches count that the notices had, and none that they had not', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue', 'eve@grey']);
  const [alice, bob, eve] = sim.people as [SimDevice, SimDevice, SimDevice];
  const start = sim.of(eve).newest(eve.keys.dfp) as Op;
  const [short, hidden] = [
    await asOf(eve, sim.of(eve), start),
    await asOf(eve, sim.of(eve), start),
  ];
  const long = [];
  for (const text of ['one', 'two', 'three']) long.push(await eve.say(sim.room, text));
  const seen = await short.device.say(sim.room, 'something else');
  const left = await short.device.write(short.replica, 'leave');
  const unseen = await hidden.device.say(sim.room, 'what I say I had said');
  for (const one of [alice, bob]) {
    await one.take(sim.room, [...long, seen, left]);
    await sim.of(one).load([...long, seen, left]);
  }
  await sync(alice, bob);
  await decide([alice, bob], { a: 'ban', c: 'member', u: eve.keys.mfp });
  for (const one of [alice, bob]) await one.say(sim.room, `${one.name} knows`);
  await sync(alice, bob);
  const said = await agreed([alice, bob], { rooms: { [sim.room]: [unseen] } });
  expect(reasonIn(said, sim.room, unseen)).toBe('removed-in-mission');
  for (const one of [...long, left]) {
    expect(reasonIn(said, sim.room, one)).not.toBe('removed-in-mission');
  }
});

test('C5, J6: a claim that a ban voided takes no place of its ticket', async () => {
  const sim = await mission('a@pa', 'b@pb', 'c@pc');
  const [a, b, c] = [...sim.devices.values()] as [SimDevice, SimDevice, SimDevice];
  const one = await sheet(a, 'one');
  await sync(a, b, c);
  const [first, second] = [await scanner('p@pa', a, one), await scanner('q@pa', a, one)];
  const party = { c: 'party', u: a.keys.pfp };
  await decide([b, c], { a: 'ban', ...party });
  await first.join();
  await decide([b, c], { a: 'unban', ...party });
  await b.pull(first.device);
  await second.device.pull(b);
  const joined = await second.join();
  await b.pull(second.device);
  const said = await agreed([a, b, c, first.device, second.device]);
  expect(said['mission']?.hidden.map((row) => row.includes(joined.sid))).not.toContain(true);
});

test('J6, J7: nor does a claim that a revocation voided, whoever saw it', async () => {
  const sim = await mission('a@pa', 'b@pb', 'c@pa');
  const [a, b, c] = ['a@pa', 'b@pb', 'c@pa'].map((name) => sim.device(name)) as [SimDevice, SimDevice, SimDevice]; // prettier-ignore
  await sync(a, b, c);
  const one = await sheet(a, 'one');
  await sync(a, b, c);
  const [early, late] = [await scanner('p@pa', a, one), await scanner('q@pa', a, one)];
  const joins = [await early.join(), await late.join()];
  await a.pull(early.device);
  await a.write(a.mission, 'revoke', { t: one.serial });
  await c.pull(late.device);
  await c.write(c.mission, 'devadd', preKey());
  await sync(a, b, c);
  const { mission: said } = await agreed([a, b, c]);
  const devices = [early, late].map(({ device }) => device.keys.mfp);
  const { members } = b.mission.view().state;
  expect(devices.map((mfp) => members.get(mfp)?.isPending === true)).toEqual([false, true]);
  expect(joins.map(({ sid }) => said?.held.includes(sid))).toEqual([true, true]);
});

test('V5: who leaves hides what another own device posts beside it, and nothing else', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue', 'carol@green']);
  const [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
  const other = await further(bob, 'bob2@blue');
  await sync(alice, bob, carol, other);
  await alice.shareKeys(sim.room);
  await sync(alice, bob, carol, other);
  for (const one of [alice, carol]) await one.say(sim.room, `${one.name} apart`);
  for (const one of [alice, carol]) await other.pull(one);
  const merged = await other.write(sim.of(other), 'merge');
  const said = await other.say(sim.room, 'still here');
  await bob.write(sim.of(bob), 'leave');
  await sync(alice, bob, carol, other);
  const opinion = await agreed([alice, bob, carol, other]);
  expect([merged, said].map((one) => reasonIn(opinion, sim.room, one))).toEqual([undefined, 'removed']); // prettier-ignore
});
