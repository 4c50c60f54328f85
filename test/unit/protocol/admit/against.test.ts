import { expect, test } from 'vitest';
import { contradictingUnits } from '#protocol/state/swarm-state.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { further, mission } from '../../../support/swarm-simulator/mission.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

const three = ['a@pa', 'b@pb', 'c@pc'];

async function cast(...names: string[]) {
  const sim = await mission(...names);
  const people = names.map((name) => sim.device(name)) as [SimDevice, SimDevice, SimDevice];
  return { sim, people, close: { a: 'close', c: 'swarm', u: sim.cid } };
}

const ballots = (of: SimDevice) => [...of.mission.view().state.ballots.values()];

test('a ballot against is kept and shown, and never counts (R26)', async () => {
  const { close, people } = await cast(...three);
  const [a, b, c] = people;
  const [yes, no] = [await vote(a, a.mission, close), await vote(b, b.mission, close, 'against')];
  await sync(...people);
  expect(ballots(c).map(({ isAgainst, unit }) => [unit, isAgainst])).toEqual(
    expect.arrayContaining([
      [a.keys.pfp, undefined],
      [b.keys.pfp, true],
    ]),
  );
  await expect(resolve(c, c.mission, close, [yes, no])).rejects.toThrow('R26');
  const third = await vote(c, c.mission, close);
  await resolve(c, c.mission, close, [yes, third]);
  expect(c.mission.view().state.closed).toHaveLength(1);
  expect(ballots(c)).toEqual([]);
});

test('who changes the mind replaces the ballot before; the same one twice is refused (L9)', async () => {
  const { close, people } = await cast(...three);
  const [a, b, c] = people;
  const first = await vote(a, a.mission, close);
  await expect(vote(a, a.mission, close)).rejects.toThrow('L9');
  await vote(a, a.mission, close, 'against');
  await expect(vote(a, a.mission, close, 'against')).rejects.toThrow('L9');
  expect(ballots(a)).toMatchObject([{ isAgainst: true }]);
  await sync(...people);
  const other = await vote(b, b.mission, close);
  await expect(resolve(b, b.mission, close, [first, other])).rejects.toThrow('R26');
  await a.pull(b);
  const again = await vote(a, a.mission, close);
  await sync(...people);
  await resolve(c, c.mission, close, [again, other]);
  expect(contradictingUnits(c.mission.view().state)).toEqual([]);
});

test('a ballot against can be taken back (R25)', async () => {
  const { close, people } = await cast(...three);
  const [a] = people;
  await expect(vote(a, a.mission, close, 'withdraw')).rejects.toThrow('R25');
  await vote(a, a.mission, close, 'against');
  await vote(a, a.mission, close, 'withdraw');
  expect(ballots(a)).toEqual([]);
});

test('who is for and against at once, from two devices, does not count before saying which (R26)', async () => {
  const { close, people } = await cast(...three);
  const [a, b, c] = people;
  const a2 = await further(a, 'a2@pa');
  await sync(a, a2, b, c);
  const yes = await vote(a, a.mission, close);
  await vote(a2, a2.mission, close, 'against');
  await sync(a, a2, b, c);
  const other = await vote(b, b.mission, close);
  expect(ballots(b)).toHaveLength(3);
  await expect(resolve(b, b.mission, close, [yes, other])).rejects.toThrow('R26');
  await sync(a, a2, b, c);
  const said = await vote(a, a.mission, close);
  await sync(a, b, c);
  expect(ballots(b)).toHaveLength(2);
  await resolve(b, b.mission, close, [said, other]);
});

test('of two leads one against is not a majority of the party (V11)', async () => {
  const { close, people } = await cast('a@pa', 'b@pb', 'c@pa');
  const [a, b, c] = people;
  const yes = [await vote(a, a.mission, close), await vote(b, b.mission, close)];
  await expect(vote(c, c.mission, close, 'against')).rejects.toThrow('R25');
  await sync(...people);
  await resolve(b, b.mission, close, yes);
});
