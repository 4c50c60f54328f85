import { expect, test } from 'vitest';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { missionReplica } from '#protocol/admit/replica.ts';
import { isMemberEffective } from '#protocol/state/mission-state.ts';
import { leadsMessage } from '#protocol/state/kinds/leads.ts';
import type { Op } from '#protocol/state/op.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { seeded } from '../../../support/seeded.ts';
import { all, sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { asOf } from '../../../support/swarm-simulator/fork.ts';
import { further, mission } from '../../../support/swarm-simulator/mission.ts';
import { roomOf } from '../../../support/swarm-simulator/room.ts';
import { scanner, sheet } from '../../../support/swarm-simulator/ticket.ts';
import { decide } from '../../../support/swarm-simulator/vote.ts';

type Args = { [key: string]: Json };

const isIn = (seenBy: SimDevice, whom: SimDevice) =>
  isMemberEffective(seenBy.mission.view().state, whom.keys.mfp);

async function cast() {
  const sim = await mission('a@pa', 'b@pb', 'c@pa');
  const [a, b, c] = ['a@pa', 'b@pb', 'c@pa'].map((name) => sim.device(name)) as [
    SimDevice,
    SimDevice,
    SimDevice,
  ];
  return { sim, a, b, c };
}

/** The same set, taken in many orders, means the same. */
async function expectOneState(...devices: SimDevice[]): Promise<void> {
  const union = [...new Map(devices.flatMap((one) => all(one.mission)).map((c) => [c.sid, c])).values()]; // prettier-ignore
  const trees = new Set<string>();
  const hidden = new Set<string>();
  for (const seed of [1, 2, 3, 4]) {
    const random = seeded(seed);
    const order = union.map((one) => ({ at: random(), one })).sort((x, y) => x.at - y.at);
    const replica = missionReplica(nodeEngine);
    for (let size = -1; size < replica.size;) {
      size = replica.size;
      for (const { one } of order) await replica.load([one]);
    }
    trees.add(toB64u(replica.swarm.tree(replica.view()).th));
    hidden.add(replica.order().hidden.map(({ op, reason }) => `${op.sid} ${reason}`).join()); // prettier-ignore
  }
  expect([trees.size, hidden.size]).toEqual([1, 1]);
}

test('J5: who has a delegating ticket joins while no lead is there, and is a member like any other', async () => {
  const { a, b } = await cast();
  const person = await scanner('p@pa', a, await sheet(a, 'one'));
  await person.join();
  await further(person.device, 'p2@pa');
  await b.pull(person.device);
  expect(isIn(b, person.device)).toBe(true);
});

test('J5: the ticket must be there, delegate, have a use left, and its lead still speak for the party', async () => {
  const { a, b, c, sim } = await cast();
  const one = await sheet(a, 'one');
  const [first, second] = [await scanner('p@pa', a, one), await scanner('q@pa', a, one)];
  await first.join();
  await second.device.pull(first.device);
  await expect(second.join()).rejects.toThrow('J5');
  const plain = await scanner('r@pa', a, await sheet(a, 'plain', { delegating: false }));
  await expect(plain.join()).rejects.toThrow('J5');
  const unknown = await scanner('s@pa', b, one);
  await expect(unknown.join()).rejects.toThrow(/J5|R16/);
  const late = await sheet(a, 'late');
  const said = { m: [c.keys.mfp], n: 1, p: a.keys.pfp };
  await c.pull(a);
  const s = await a.keys.party.sign('swarm-cert-v1', leadsMessage(sim.cid, said));
  await c.write(c.mission, 'leads', { ...said, s: toB64u(s) });
  const person = await scanner('t@pa', c, late);
  await expect(person.join()).rejects.toThrow('J5');
});

test('J5: the certificate is by the ticket, for its party, of a person nobody knows (R16, R24, J3, M12)', async () => {
  const { a, b, c } = await cast();
  const one = await sheet(a, 'one', { uses: 4 });
  const person = await scanner('p@pa', a, one);
  const other = await scanner('q@pa', a, await sheet(a, 'two'));
  await person.device.pull(a);
  const refusal = async (x: Args) =>
    verdict(a.mission, await forge(person.device, person.device.mission, { k: 'join', x }));
  expect(await refusal({ ...person.x, m: other.x['m'] as Json })).toBe('R16');
  expect(await refusal({ ...person.x, d: other.x['d'] as Json })).toBe('R16');
  const m = person.x['m'] as { s: string };
  expect(await refusal({ ...person.x, m: { ...m, s: m.s.replace(/^./, (x) => (x === 'A' ? 'B' : 'A')) } })).toMatch(/^R(16|4|5)$/); // prettier-ignore
  expect(await refusal({ ...person.x, t: toB64u(new Uint8Array(16)) })).toBe('R16');
  expect(await refusal(await person.again())).toBe('R5');
  const stranger = await scanner('r@pb', b, one);
  await stranger.device.pull(a);
  await expect(stranger.join()).rejects.toThrow('R16');
  await person.join();
  await c.pull(person.device);
  await expect(c.write(c.mission, 'admit', await person.again())).rejects.toThrow(/R24|J4/);
});

test('J7: a revocation voids claims that it did not know, and leaves those that it did', async () => {
  const { a, b } = await cast();
  const one = await sheet(a, 'one', { uses: 4 });
  const [known, unknown] = [await scanner('p@pa', a, one), await scanner('q@pa', a, one)];
  await known.join();
  await unknown.join();
  await a.pull(known.device);
  await a.write(a.mission, 'revoke', { t: one.serial });
  await b.pull(a);
  await b.pull(unknown.device);
  expect([isIn(b, known.device), isIn(b, unknown.device)]).toEqual([true, false]);
  const late = await scanner('r@pa', a, one);
  await expect(late.join()).rejects.toThrow('J7');
  await expectOneState(a, b);
  await a.pull(unknown.device);
  const { t: _, ...admission } = await unknown.admission();
  await a.write(a.mission, 'admit', admission);
  expect(isIn(a, unknown.device)).toBe(true);
});

test('S181, J6: of too many at once none stands; what they write is hidden until a lead admits one', async () => {
  const { a, b } = await cast();
  const one = await sheet(a, 'one');
  const [first, second] = [await scanner('p@pa', a, one), await scanner('q@pa', a, one)];
  await first.join();
  await second.join();
  const mine = await further(first.device, 'p2@pa');
  await b.pull(first.device);
  await b.pull(mine);
  expect(isIn(b, first.device)).toBe(true);
  await b.pull(second.device);
  expect([isIn(b, first.device), isIn(b, second.device)]).toEqual([false, false]);
  expect(b.mission.order().hidden).toMatchObject([{ reason: 'no-standing' }]);
  await sync(a, b);
  await expectOneState(a, b);
  await first.device.pull(b);
  await expect(first.device.write(first.device.mission, 'merge')).rejects.toThrow('R17');
  const admission = await first.admission();
  await expect(a.write(a.mission, 'admit', { ...admission, t: toB64u(new Uint8Array(16)) })).rejects.toThrow('J6'); // prettier-ignore
  await a.write(a.mission, 'admit', admission);
  await b.pull(a);
  for (const seer of [a, b])
    expect([isIn(seer, first.device), isIn(seer, second.device)]).toEqual([true, false]);
  expect(b.mission.order().hidden).toEqual([]);
  await expectOneState(a, b);
});

test('S181, J6: a claim on an old parent does not dislodge whom a device of the party has seen', async () => {
  const { a, b, c } = await cast();
  const one = await sheet(a, 'one');
  await sync(a, b, c);
  const [first, second] = [await scanner('p@pa', a, one), await scanner('q@pa', a, one)];
  await first.join();
  await c.pull(first.device);
  await c.write(c.mission, 'devadd', preKey());
  await second.join();
  await sync(a, b, c, second.device);
  for (const seer of [a, b, c])
    expect([isIn(seer, first.device), isIn(seer, second.device)]).toEqual([true, false]);
  await expectOneState(a, second.device);
});

test('J6: a device that the claimant itself brought, or that of another party, vouches for nobody', async () => {
  const { a, b } = await cast();
  const one = await sheet(a, 'one');
  const [first, second] = [await scanner('p@pa', a, one), await scanner('q@pa', a, one)];
  await first.join();
  await further(first.device, 'p2@pa');
  await b.pull(first.device);
  await b.write(b.mission, 'devadd', preKey());
  await second.join();
  await sync(a, b, second.device);
  expect([isIn(a, first.device), isIn(a, second.device)]).toEqual([false, false]);
  await expectOneState(a, b);
});

test('J6: what a claimant in doubt wrote in a conversation is hidden there as well, and comes back with the admission', async () => {
  const sim = await roomOf(['a@pa', 'b@pb']);
  const [a, b] = sim.people as [SimDevice, SimDevice];
  const one = await sheet(a, 'one');
  const [first, second] = [await scanner('p@pa', a, one), await scanner('q@pa', a, one)];
  await second.join();
  await first.join();
  const { device } = first;
  await b.pull(device);
  await b.add(sim.room, device.keys.mfp);
  await device.pull(b);
  await device.write(device.room(sim.room), 'join', {});
  await device.say(sim.room, 'I am in');
  await b.pull(device);
  expect(await b.read(sim.room)).toContain('I am in');
  await b.pull(second.device);
  expect(await b.read(sim.room)).not.toContain('I am in');
  await a.pull(b);
  await a.write(a.mission, 'admit', await first.admission());
  await b.pull(a);
  expect(await b.read(sim.room)).toContain('I am in');
});

test('a claim of a ticket whose lead was banned at the same time brings nobody in (C5)', async () => {
  const sim = await mission('a@pa', 'b@pb', 'c@pc');
  const [a, b, c] = [...sim.devices.values()] as [SimDevice, SimDevice, SimDevice];
  await sync(a, b, c);
  const { sid } = await a.write(a.mission, 'devadd', preKey());
  const before = a.mission.op(sid) as Op;
  await sync(a, b, c);
  const old = await asOf(a, a.mission, before);
  await decide([b, c], { a: 'ban', c: 'member', u: a.keys.mfp });
  const person = await scanner('p@pa', old.device, await sheet(old.device, 'one'));
  await person.join();
  await b.pull(person.device);
  expect(isIn(b, person.device)).toBe(false);
});

test('a claim that a ban voided takes no place of a ticket, step by step as from scratch (C5, J6)', async () => {
  const sim = await mission('a@pa', 'b@pb', 'c@pc');
  const [a, b, c] = [...sim.devices.values()] as [SimDevice, SimDevice, SimDevice];
  await sync(a, b, c);
  const one = await sheet(a, 'one');
  await sync(a, b, c);
  const [first, second] = [await scanner('p@pa', a, one), await scanner('q@pa', a, one)];
  const party = { c: 'party', u: a.keys.pfp };
  await decide([b, c], { a: 'ban', ...party });
  await first.join();
  await decide([b, c], { a: 'unban', ...party });
  await b.pull(first.device);
  expect(isIn(b, first.device)).toBe(false);
  await second.device.pull(b);
  await second.join();
  await b.pull(second.device);
  for (const seer of [b, second.device]) expect(isIn(seer, second.device)).toBe(true);
  const fresh = missionReplica(nodeEngine);
  await fresh.load(all(second.device.mission));
  const tree = (of: typeof fresh) => toB64u(of.swarm.tree(of.view()).th);
  expect(tree(fresh)).toBe(tree(second.device.mission));
  await expectOneState(a, b, second.device);
});

function preKey(): Args {
  const x = toB64u(scalarKey(nodeEngine.random(32)).publicKey);
  return { pre: { id: toB64u(new Uint8Array(8)), x } };
}
