import { expect, test } from 'vitest';
import { statusOf } from '#protocol/state/child-state.ts';
import type { Op } from '#protocol/state/op.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { asOf } from '../../../support/swarm-simulator/fork.ts';
import { further } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';
import { basisOf, resolve, vote } from '../../../support/swarm-simulator/vote.ts';

const ban = (whom: SimDevice) => ({ a: 'ban', c: 'member', u: whom.keys.mfp });
const unban = (whom: SimDevice) => ({ a: 'unban', c: 'member', u: whom.keys.mfp });
const promote = (whom: SimDevice) => ({ a: 'promote', c: 'member', u: whom.keys.mfp });

const three = ['a@pa', 'b@pb', 'c@pc'];

async function cast(names: readonly string[], more = {}) {
  const sim = await roomOf(names, more);
  const [a, b, c, d] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
  return { sim, a, b, c, d };
}

function status(sim: SimRoom, seenBy: SimDevice, whom: SimDevice) {
  const { mission, state } = sim.of(seenBy).view();
  return statusOf(state, mission, whom.keys.mfp);
}

/** Everybody votes in turn, the last one resolves. */
async function decide(sim: SimRoom, motion: ReturnType<typeof ban>, voters: readonly SimDevice[]) {
  const votes = [];
  for (const voter of voters) {
    votes.push(await vote(voter, sim.of(voter), motion));
    await sync(...voters);
  }
  const last = voters.at(-1) as SimDevice;
  return resolve(last, sim.of(last), motion, votes);
}

const headOf = (sim: SimRoom, of: SimDevice, sid: string) => sim.of(of).op(sid) as Op;

test('S61, S62: half is not enough, two of three are; the target stays in the denominator (R26)', async () => {
  const { a, b, c, d, sim } = await cast([...three, 'd@pd']);
  await expect(decide(sim, ban(d), [a, b])).rejects.toThrow('R26');
  await sync(a, b, c, d);
  const third = await vote(c, sim.of(c), ban(d));
  const others = [...sim.of(c).view().state.ballots.keys()].filter((sid) => sid !== third.sid);
  const commits = others.map((sid) => sim.of(c).commit(sid) as typeof third);
  await resolve(c, sim.of(c), ban(d), [...commits, third]);
  await sync(a, b, c, d);
  expect(status(sim, a, d)).toBe('banned');
  expect(status(sim, d, d)).toBe('banned');
});

test('V10: of two parties neither removes the other', async () => {
  const { a, b, sim } = await cast(['a@pa', 'b@pb']);
  await expect(decide(sim, ban(b), [a])).rejects.toThrow('R26');
});

test('S60: nobody votes about the own party (R25)', async () => {
  const { a, d, sim } = await cast([...three, 'd@pa']);
  await expect(vote(a, sim.of(a), ban(a))).rejects.toThrow('R25');
  await expect(vote(a, sim.of(a), ban(d))).rejects.toThrow('R25');
});

test('S58, S59: a member cannot vote, and nothing is resolved without the votes (R25, R26)', async () => {
  const { a, b, c, d, sim } = await cast([...three, 'd@pa']);
  await expect(vote(d, sim.of(d), ban(b))).rejects.toThrow('R25');
  const ballot = await vote(a, sim.of(a), ban(b));
  await expect(resolve(c, sim.of(c), ban(b), [ballot])).rejects.toThrow('R26');
  await sync(a, b, c, d);
  await expect(resolve(c, sim.of(c), ban(b), [ballot])).rejects.toThrow('R26');
});

test('S66: a withdrawn vote does not count (R26)', async () => {
  const { a, b, c, sim } = await cast(three);
  const first = await vote(a, sim.of(a), ban(c));
  await sync(a, b);
  const second = await vote(b, sim.of(b), ban(c));
  await sync(a, b);
  await vote(a, sim.of(a), ban(c), 'withdraw');
  await sync(a, b);
  await expect(resolve(b, sim.of(b), ban(c), [first, second])).rejects.toThrow('R26');
});

test('S64, S65, S100: a ban rotates keys, an unban brings back the former role, old votes are not reused', async () => {
  const { a, b, c, sim } = await cast(three);
  const old = await decide(sim, ban(c), [a, b]);
  await b.say(sim.room, 'without c');
  await sync(a, b, c);
  expect(await c.read(sim.room)).not.toContain('without c');
  await expect(c.say(sim.room, 'I stay')).rejects.toThrow('R17');
  await decide(sim, unban(c), [a, b]);
  await sync(a, b, c);
  expect(status(sim, a, c)).toBe('invited');
  const votes = old.envelope.x?.['votes'] as string[];
  const again = votes.map((sid) => sim.of(a).commit(sid) as typeof old);
  await expect(resolve(a, sim.of(a), ban(c), again)).rejects.toThrow('R26');
  await c.write(sim.of(c), 'join', {});
  expect(status(sim, c, c)).toBe('admin');
});

test('X3: a bare majority holds although one of its voters contradicts himself afterwards (V2)', async () => {
  const { a, b, c, d, sim } = await cast([...three, 'd@pc']);
  const before = sim.of(b).newest(b.keys.dfp) as Op;
  const old = await asOf(b, sim.of(b), before);
  await decide(sim, ban(d), [a, b]);
  await sync(a, b, c);
  const lie = await old.device.say(sim.room, 'I never voted');
  for (const one of [a, c]) expect(await verdict(sim.of(one), lie)).toBe('ok');
  expect(sim.of(a).isForked(b.keys.dfp)).toBe(true);
  expect(status(sim, a, d)).toBe('banned');
  expect(sim.of(a).evidence(b.keys.dfp, before.envelope.q + 1)).toHaveLength(2);
});

test('S47: a ban whose voters all contradict themselves is void (V2)', async () => {
  const { a, b, c, d, sim } = await cast([...three, 'd@pc']);
  const old = [];
  for (const one of [a, b]) {
    old.push(await asOf(one, sim.of(one), sim.of(one).newest(one.keys.dfp) as Op));
  }
  await decide(sim, ban(d), [a, b]);
  await sync(a, b, c);
  expect(status(sim, c, d)).toBe('banned');
  for (const { device } of old) {
    expect(await verdict(sim.of(c), await device.say(sim.room, 'not me'))).toBe('ok');
  }
  expect(status(sim, c, d)).toBe('member');
});

test('X5: a promotion that stands does not fall because its writer leaves on an old parent (V4, V5)', async () => {
  const { a, b, c, d, sim } = await cast([...three, 'd@pb'], { unit: 'member' });
  const a2 = await further(a, 'a2@pa');
  await sync(a, a2, b, c, d);
  await decide(sim, promote(d), [c, a]);
  await sync(a, b, c, d);
  await d.say(sim.room, 'as an admin');
  await a2.write(a2.room(sim.room), 'leave');
  await sync(a, a2, b, c, d);
  expect(status(sim, b, a)).toBe('left');
  expect(status(sim, b, d)).toBe('admin');
  expect(await b.read(sim.room)).toContain('as an admin');
});

test('X6: people added by a device that contradicts itself stay (V6)', async () => {
  const { a, b, c, d, sim } = await cast([...three, 'd@pa']);
  const first = sim
    .of(a)
    .order()
    .shown.find((op) => op.envelope.d === a.keys.dfp && op.envelope.k === 'epoch') as Op;
  const old = await asOf(a, sim.of(a), first);
  const lie = await old.device.say(sim.room, 'I added nobody');
  expect(await verdict(sim.of(b), lie)).toBe('ok');
  expect(sim.of(b).isForked(a.keys.dfp)).toBe(true);
  expect(status(sim, b, d)).toBe('member');
  expect(status(sim, b, c)).toBe('admin');
});

test('X7: leaving and coming back does not reset a vote (V9)', async () => {
  const { a, b, c, d, sim } = await cast([...three, 'd@pd']);
  const votes = [await vote(a, sim.of(a), ban(d))];
  await d.write(sim.of(d), 'leave');
  await sync(a, b, c, d);
  await a.add(sim.room, d.keys.mfp);
  await sync(a, b, c, d);
  await d.write(sim.of(d), 'join', {});
  await sync(a, b, c, d);
  expect(basisOf(sim.of(b), ban(d))).toEqual([]);
  votes.push(await vote(b, sim.of(b), ban(d)));
  await sync(b, c);
  votes.push(await vote(c, sim.of(c), ban(d)));
  await resolve(c, sim.of(c), ban(d), votes);
  expect(status(sim, c, d)).toBe('banned');
});

test('S83, S84: what a banned device writes late is not admitted until somebody unaware built on it (I1)', async () => {
  const { a, b, c, d, sim } = await cast([...three, 'd@pd', 'e@pa']);
  const unaware = sim.people[4] as SimDevice;
  await decide(sim, ban(d), [a, b, c]);
  await sync(a, b, c);
  const late = await d.say(sim.room, 'too late');
  expect(await verdict(sim.of(a), late)).toBe('I1');
  expect(sim.of(a).has(late.sid)).toBe(false);
  await unaware.take(sim.room, [...sim.of(d).commits()]);
  const above = await unaware.say(sim.room, 'I did not know');
  expect((await sim.of(a).admit([late, above])).ok).toEqual([late.sid, above.sid]);
  expect(sim.of(a).order().hidden).toMatchObject([{ op: { sid: late.sid }, reason: 'removed' }]);
  await a.pull(unaware);
  expect(await a.read(sim.room)).toContain('I did not know');
  expect(await a.read(sim.room)).not.toContain('too late');
});

test('S85: who knows of the ban does not build on later work of the banned (R14)', async () => {
  const { a, b, c, d, sim } = await cast([...three, 'd@pd']);
  await decide(sim, ban(d), [a, b, c]);
  await sync(a, b, c);
  const late = await d.say(sim.room, 'too late');
  await sim.of(b).load([late]);
  const parents = sim.of(b).heads;
  expect(parents).toHaveLength(2);
  const own = sim.of(b).newest(b.keys.dfp) as Op;
  expect(headOf(sim, b, late.sid)).toBeDefined();
  const commit = await forge(b, sim.of(b), { k: 'merge', parents });
  expect(await verdict(sim.of(b), commit)).toBe('R14');
  expect(own.envelope.d).toBe(b.keys.dfp);
  await b.say(sim.room, 'going on');
  expect(sim.of(b).order().hidden).toMatchObject([{ op: { sid: late.sid }, reason: 'removed' }]);
});

test('S87: what somebody grants while being banned is void, and so is what rests on it (C5)', async () => {
  const { a, b, c, d, sim } = await cast([...three, 'd@pd', 'x@pa']);
  const x = sim.people[4] as SimDevice;
  await x.write(sim.of(x), 'leave');
  await sync(...sim.people);
  await decide(sim, ban(d), [a, b, c]);
  await d.add(sim.room, x.keys.mfp);
  await x.pull(d);
  await x.write(sim.of(x), 'join', {});
  await x.say(sim.room, 'thanks to d');
  await sync(a, b, c, x);
  expect(status(sim, a, x)).toBe('left');
  expect(await a.read(sim.room)).not.toContain('thanks to d');
  await a.add(sim.room, x.keys.mfp);
  await sync(a, x);
  await x.write(sim.of(x), 'join', {});
  expect(status(sim, x, x)).toBe('member');
});

test('S46, V12: two commits with one number are evidence, and the device writes no more (R13)', async () => {
  const { a, b, sim } = await cast(three);
  const before = sim.of(a).newest(a.keys.dfp) as Op;
  const old = await asOf(a, sim.of(a), before);
  const one = await a.say(sim.room, 'to b');
  const two = await old.device.say(sim.room, 'to c');
  expect(one.envelope.q).toBe(two.envelope.q);
  await sim.of(b).admit([one]);
  expect(await verdict(sim.of(b), two)).toBe('ok');
  expect(sim.of(b).evidence(a.keys.dfp, one.envelope.q)).toHaveLength(2);
  const third = await old.device.say(sim.room, 'and on');
  expect(await verdict(sim.of(b), third)).toBe('V12');
  await b.say(sim.room, 'I see both');
  const above = await forge(a, sim.of(b), { k: 'merge', lie: { q: 99 } });
  expect(await verdict(sim.of(b), above)).toBe('R13');
});
