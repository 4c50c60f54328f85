import { expect, test } from 'vitest';
import { missionReplica } from '#protocol/admit/replica.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { removalsInDispute, reopeningId } from '#protocol/state/actions/reopen.ts';
import { endUnits } from '#protocol/state/end.ts';
import { withdrawMessage } from '#protocol/state/kinds/withdraw.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { all, sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { further, mission } from '../../../support/swarm-simulator/mission.ts';
import { decide, resolve, vote } from '../../../support/swarm-simulator/vote.ts';

const party = (whom: SimDevice) => ({ a: 'ban', c: 'party', u: whom.keys.pfp });
const stateOf = (of: SimDevice) => of.mission.view().state;
const unitsOf = (of: SimDevice) => endUnits(stateOf(of));
const pfps = (...of: SimDevice[]) => of.map(({ keys }) => keys.pfp).sort();

function reopening(keep: readonly string[], lift: readonly string[]) {
  const reopen = { keep: keep.toSorted(), lift: lift.toSorted() };
  return { a: 'reopen', c: 'swarm', u: reopeningId(reopen), reopen };
}

/** X4: a votes for two bans at once from two devices, and alone is left of three. */
async function frozen() {
  const sim = await mission('a@pa', 'b@pb', 'c@pc');
  const [a, b, c] = [...sim.devices.values()] as [SimDevice, SimDevice, SimDevice];
  const a2 = await further(a, 'a3@pa');
  await sync(a, a2, b, c);
  const [v1, v2] = [await vote(a, a.mission, party(c)), await vote(a2, a2.mission, party(b))];
  await b.pull(a);
  const w1 = await vote(b, b.mission, party(c));
  await c.pull(a2);
  const w2 = await vote(c, c.mission, party(b));
  const first = await resolve(b, b.mission, party(c), [v1, w1]);
  const second = await resolve(c, c.mission, party(b), [v2, w2]);
  await sync(a, b, c);
  return { sim, a, b, c, bans: [first.sid, second.sid].sort() };
}

const carry = async (motion: ReturnType<typeof reopening>, ...voters: SimDevice[]) =>
  decide(voters, motion, { reopen: motion.reopen });

test('V7, X4: those whom conflicting bans removed reopen the mission with the others of their electorate', async () => {
  const { a, b, bans, c } = await frozen();
  expect(stateOf(a).conflicts).toEqual(bans);
  expect(unitsOf(a)).toEqual(pfps(a));
  await carry(reopening([], bans), b, c);
  await sync(a, b, c);
  for (const one of [a, b, c]) {
    expect(stateOf(one)).toMatchObject({ isFrozen: false, conflicts: [] });
    expect(unitsOf(one)).toEqual(pfps(a, b, c));
  }
  const fresh = missionReplica(nodeEngine);
  await fresh.load(all(a.mission).toReversed());
  expect(toB64u(fresh.swarm.tree(fresh.view()).th)).toBe(
    toB64u(a.mission.swarm.tree(a.mission.view()).th),
  );
  await decide([b, c], party(a));
  expect(unitsOf(b)).toEqual(pfps(b, c));
});

test('V7: what is kept stays removed, and the freeze ends all the same', async () => {
  const { a, b, bans, c } = await frozen();
  const ofC = stateOf(a).removals.get(`party ${c.keys.pfp}`)?.[0]?.by as string;
  const others = bans.filter((sid) => sid !== ofC);
  await carry(reopening([ofC], others), b, c);
  await a.pull(b);
  expect(unitsOf(a)).toEqual(pfps(a, b));
  expect(stateOf(a).isFrozen).toBe(false);
  await expect(vote(c, c.mission, party(a))).rejects.toThrow('R17');
});

test('V7: less than more than half of the former electorate reopens nothing (R26)', async () => {
  const { b, bans } = await frozen();
  await expect(carry(reopening([], bans), b)).rejects.toThrow('R26');
});

test('V7, V3: the one left who voted for both has no say, and the removed have none about anything else', async () => {
  const { a, b, bans, sim } = await frozen();
  await expect(vote(a, a.mission, reopening([], bans))).rejects.toThrow('V3');
  const close = { a: 'close', c: 'swarm', u: sim.cid };
  await expect(vote(b, b.mission, close)).rejects.toThrow('R17');
  await expect(vote(b, b.mission, party(a))).rejects.toThrow('R17');
  await expect(b.write(b.mission, 'merge')).rejects.toThrow('R17');
});

test('V7: a reopening speaks of every conflicting removal once, by its hash, and only of them', async () => {
  const { b, bans } = await frozen();
  const [first, second] = bans as [string, string];
  const motion = reopening([], bans);
  const { reopen, ...bare } = motion;
  const attempt = (said: object) => vote(b, b.mission, said as typeof motion);
  await expect(attempt(bare)).rejects.toThrow('R5');
  await expect(attempt(reopening([], [first]))).rejects.toThrow('V7');
  await expect(attempt(reopening([first], bans))).rejects.toThrow(/V7|R5/);
  await expect(attempt({ ...motion, reopen: { keep: [first], lift: [second] } })).rejects.toThrow('R25'); // prettier-ignore
  await expect(attempt({ ...party(b), reopen })).rejects.toThrow(/R5|R17/);
  await expect(attempt({ ...motion, c: 'party' })).rejects.toThrow('R25');
  await attempt(motion);
});

test('a mission that is not frozen has nothing to reopen (R25)', async () => {
  const sim = await mission('a@pa', 'b@pb');
  const [a] = [...sim.devices.values()] as [SimDevice];
  await expect(vote(a, a.mission, reopening([], []))).rejects.toThrow('R25');
});

test('V7: a removal that comes to light after the reopening freezes anew', async () => {
  const sim = await mission('a@pa', 'b@pb', 'c@pc', 'd@pd');
  const [a, b, c, d] = [...sim.devices.values()] as [SimDevice, SimDevice, SimDevice, SimDevice];
  const votes = [];
  for (const about of [d, a, b]) {
    const voters = [a, b, c, d].filter((one) => one !== about);
    const cast = [];
    for (const voter of voters) {
      cast.push(await vote(voter, voter.mission, party(about)));
      await sync(a, b, c, d);
    }
    votes.push(cast);
  }
  // Three bans at once: the third is kept back by its author.
  await resolve(a, a.mission, party(d), votes[0] ?? []);
  await resolve(d, d.mission, party(a), votes[1] ?? []);
  const kept = await resolve(c, c.mission, party(b), votes[2] ?? []);
  for (const one of [a, b, d])
    for (const other of [a, b, d]) if (one !== other) await one.pull(other);
  const bans = [...stateOf(b).conflicts];
  expect(bans).toHaveLength(2);
  await carry(reopening([], bans), a, d, b);
  expect(stateOf(b).isFrozen).toBe(false);
  await b.mission.admit([kept]);
  expect(stateOf(b).isFrozen).toBe(true);
});

test('V7b: a mission of which one party is left is reopened by more than half of its founders', async () => {
  const sim = await mission('a@pa', 'b@pb', 'c@pc');
  const [a, b, c] = [...sim.devices.values()] as [SimDevice, SimDevice, SimDevice];
  const ban = await decide([a, b], party(c));
  await c.pull(a);
  const s = await b.keys.party.sign('swarm-cert-v1', withdrawMessage(sim.cid, b.keys.pfp));
  await b.write(b.mission, 'withdraw', { s: toB64u(s) });
  await sync(a, b, c);
  expect(removalsInDispute(stateOf(a))).toEqual([ban.sid]);
  await expect(carry(reopening([], [ban.sid]), a)).rejects.toThrow('R26');
  const ballots = [...stateOf(a).ballots.values()].flatMap(({ by }) => a.mission.commit(by) ?? []);
  await c.pull(a);
  const motion = reopening([], [ban.sid]);
  const mine = await vote(c, c.mission, motion);
  await resolve(c, c.mission, motion, [...ballots, mine], { reopen: motion.reopen });
  await a.pull(c);
  expect(unitsOf(a)).toEqual(pfps(a, c));
  await further(a, 'a2@pa');
});
