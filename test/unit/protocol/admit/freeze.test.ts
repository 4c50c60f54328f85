import { expect, test } from 'vitest';
import { statusOf } from '#protocol/state/child-state.ts';
import { isMemberEffective, isPartyEffective } from '#protocol/state/mission-state.ts';
import type { Op } from '#protocol/state/op.ts';
import { contradictingUnits } from '#protocol/state/swarm-state.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { further } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

const ban = (whom: SimDevice) => ({ a: 'ban', c: 'member', u: whom.keys.mfp });
const unban = (whom: SimDevice) => ({ a: 'unban', c: 'member', u: whom.keys.mfp });
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

test('X1, S81: two concurrent bans both hold, are acknowledged, and freeze what is left (C2, V7, V8)', async () => {
  const { a, b, c, d, sim } = await cast([...three, 'd@pd']);
  const votes = [];
  for (const [voter, about] of [
    [a, d],
    [b, d],
    [c, d],
    [b, a],
    [c, a],
    [d, a],
  ] as const) {
    votes.push(await vote(voter, sim.of(voter), ban(about)));
    await sync(a, b, c, d);
  }
  await resolve(a, sim.of(a), ban(d), votes.slice(0, 3));
  await resolve(d, sim.of(d), ban(a), votes.slice(3));
  await sync(a, b, c, d);
  expect([status(sim, b, a), status(sim, b, d)]).toEqual(['banned', 'banned']);
  await b.say(sim.room, 'both gone');
  await sync(b, c);
  await c.say(sim.room, 'yes');
  const past = sim.of(c).swarm.viewOf([sim.of(c).heads[0] as Op], sim.of(c).missionHeads());
  expect(statusOf(past.state, past.mission, a.keys.mfp)).toBe('banned');
  expect(past.state.isFrozen).toBe(true);
  const newest = past.state.epochs.get(past.state.newest[0] as string);
  expect(newest?.holders).toEqual([b.keys.dfp, c.keys.dfp].sort());
  await vote(b, sim.of(b), unban(a));
  await sync(b, c);
  await vote(c, sim.of(c), unban(a));
  const ballots = [...sim.of(c).view().state.ballots.values()].map(({ by }) =>
    sim.of(c).commit(by),
  );
  await expect(resolve(c, sim.of(c), unban(a), ballots as never)).rejects.toThrow('V7');
});

test('X4, X8: who votes for two bans at once from two devices owns nothing and votes no more (V1, V3, V7)', async () => {
  const { a, b, c, sim } = await cast(three);
  const a2 = await further(a, 'a2@pa');
  await sync(a, a2, b, c);
  const [v1, v2] = [await vote(a, sim.of(a), ban(c)), await vote(a2, a2.room(sim.room), ban(b))];
  await b.pull(a);
  const w1 = await vote(b, sim.of(b), ban(c));
  await c.pull(a2);
  const w2 = await vote(c, sim.of(c), ban(b));
  await resolve(b, sim.of(b), ban(c), [v1, w1]);
  await resolve(c, sim.of(c), ban(b), [v2, w2]);
  await sync(a, a2, b, c);
  expect([status(sim, a, b), status(sim, a, c)]).toEqual(['banned', 'banned']);
  const { state } = sim.of(a).view();
  expect([state.isFrozen, contradictingUnits(state)]).toEqual([true, [a.keys.pfp]]);
  await expect(vote(a, sim.of(a), unban(b))).rejects.toThrow('V3');
});

test('V7: two concurrent bans of people freeze nothing while every party keeps its place in the mission', async () => {
  const { a, b, c, d, sim } = await cast([...three, 'd@pb', 'e@pc']);
  const e = sim.people[4] as SimDevice;
  const votes = [];
  for (const [voter, about] of [
    [a, d],
    [c, d],
    [a, e],
    [b, e],
  ] as const) {
    votes.push(await vote(voter, voter.mission, ban(about)));
    await sync(a, b, c);
  }
  await resolve(c, c.mission, ban(d), votes.slice(0, 2));
  await resolve(b, b.mission, ban(e), votes.slice(2));
  await sync(a, b, c);
  const { state } = a.mission.view();
  expect(state.isFrozen).toBe(false);
  expect([d, e].map(({ keys }) => isMemberEffective(state, keys.mfp))).toEqual([false, false]);
});

test('X4: two parties that ban each other out of a mission of three leave it frozen (V7)', async () => {
  const { a, b, c } = await cast(three);
  const a2 = await further(a, 'a3@pa');
  await sync(a, a2, b, c);
  const party = (whom: SimDevice) => ({ a: 'ban', c: 'party', u: whom.keys.pfp });
  const [v1, v2] = [await vote(a, a.mission, party(c)), await vote(a2, a2.mission, party(b))];
  await b.pull(a);
  const w1 = await vote(b, b.mission, party(c));
  await c.pull(a2);
  const w2 = await vote(c, c.mission, party(b));
  await resolve(b, b.mission, party(c), [v1, w1]);
  await resolve(c, c.mission, party(b), [v2, w2]);
  await sync(a, b, c);
  const { state } = a.mission.view();
  expect(state.isFrozen).toBe(true);
  expect([b, c].map(({ keys }) => isPartyEffective(state, keys.pfp))).toEqual([false, false]);
});
