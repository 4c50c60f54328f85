import { expect, test } from 'vitest';
import { isCloseFinal, isReadyForRecord } from '#protocol/state/end.ts';
import { withdrawMessage } from '#protocol/state/kinds/withdraw.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { close, finalOf } from '../../../support/swarm-simulator/end.ts';
import { further, mission } from '../../../support/swarm-simulator/mission.ts';
import { roomOf } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

const three = ['a@pa', 'b@pb', 'c@pc'];

async function cast(names: readonly string[]) {
  const sim = await roomOf(names);
  return { sim, people: sim.people as [SimDevice, SimDevice, SimDevice] };
}

test("one party's vote closes nothing; with the charter's threshold the mission closes (R26, V10)", async () => {
  const { people, sim } = await cast(three);
  const [a, b] = people;
  const motion = { a: 'close', c: 'swarm', u: sim.cid };
  const first = await vote(a, a.mission, motion);
  await expect(resolve(a, a.mission, motion, [first])).rejects.toThrow('R26');
  await sync(...people);
  expect(a.mission.view().state.closed).toEqual([]);
  const second = await vote(b, b.mission, motion);
  await resolve(b, b.mission, motion, [first, second]);
  await sync(...people);
  expect(a.mission.view().state.closed).toHaveLength(1);
  await expect(vote(a, a.mission, motion)).rejects.toThrow('R15');
});

test('M10: who knows of the close writes in no conversation; what is concurrent with it is kept (S149)', async () => {
  const { people, sim } = await cast(three);
  const [a, b, c] = people;
  await close(sim.cid, [a, b]);
  const late = await c.say(sim.room, 'I had not heard');
  expect((await sim.of(a).admit([late])).ok).toEqual([late.sid]);
  await expect(a.say(sim.room, 'too late')).rejects.toThrow('R15');
  await expect(a.rotate(sim.room)).rejects.toThrow('R15');
  await expect(a.begin([a.keys.mfp, b.keys.mfp])).rejects.toThrow('R15');
  await sync(...people);
  expect(await b.read(sim.room)).toContain('I had not heard');
  await expect(c.say(sim.room, 'now I have')).rejects.toThrow('R15');
  await sim.of(a).propose({ k: 'leave', d: a.keys.dfp, seconds: 1 });
  expect((await a.write(sim.of(a), 'leave')).envelope.mh).toHaveLength(1);
});

test('a conversation can be closed alone, and the mission goes on (R15)', async () => {
  const { people, sim } = await cast(three);
  const [a, b] = people;
  const motion = { a: 'close', c: 'swarm', u: sim.room };
  const votes = [await vote(a, sim.of(a), motion), await vote(b, sim.of(b), motion)];
  await sync(...people);
  await resolve(a, sim.of(a), motion, votes);
  await expect(a.say(sim.room, 'still here?')).rejects.toThrow('R15');
  await further(a, 'a2@pa');
});

test('V7: a frozen mission can still close, and its end be said', async () => {
  const sim = await mission(...three, 'd@pd');
  const [a, b, c, d] = [...three, 'd@pd'].map((name) => sim.device(name)) as [
    SimDevice,
    SimDevice,
    SimDevice,
    SimDevice,
  ];
  const ban = (whom: SimDevice) => ({ a: 'ban', c: 'party', u: whom.keys.pfp });
  const votes = [];
  for (const [voter, about] of [
    [a, d],
    [b, d],
    [c, d],
    [b, a],
    [c, a],
    [d, a],
  ] as const) {
    votes.push(await vote(voter, voter.mission, ban(about)));
    await sync(a, b, c, d);
  }
  await resolve(a, a.mission, ban(d), votes.slice(0, 3));
  await resolve(d, d.mission, ban(a), votes.slice(3));
  await sync(a, b, c, d);
  expect(b.mission.view().state.isFrozen).toBe(true);
  await close(sim.cid, [b, c]);
  for (const one of [b, c]) await one.write(one.mission, 'final', finalOf(one));
  await sync(b, c);
  expect(isReadyForRecord(b.mission.view().state)).toBe(true);
});

test('V7b: a mission of which one party is left can close', async () => {
  const { people, sim } = await cast(three);
  const [a, b, c] = people;
  const ban = { a: 'ban', c: 'party', u: c.keys.pfp };
  const votes = [await vote(a, a.mission, ban), await vote(b, b.mission, ban)];
  await sync(a, b);
  await resolve(a, a.mission, ban, votes);
  await sync(a, b);
  const s = await b.keys.party.sign('swarm-cert-v1', withdrawMessage(sim.cid, b.keys.pfp));
  await b.write(b.mission, 'withdraw', { s: Buffer.from(s).toString('base64url') });
  await sync(a, b);
  await expect(further(a, 'a2@pa')).resolves.toBeDefined();
  await close(sim.cid, [a]);
  await a.write(a.mission, 'final', finalOf(a));
  const { state } = a.mission.view();
  expect([isCloseFinal(state), isReadyForRecord(state)]).toEqual([true, true]);
});
