import { expect, test } from 'vitest';
import { missionReplica } from '#protocol/admit/replica.ts';
import { contradictingUnits } from '#protocol/state/swarm-state.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { all, sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { further, mission } from '../../../support/swarm-simulator/mission.ts';
import { basisOf, resolve, vote } from '../../../support/swarm-simulator/vote.ts';

const ban = (whom: SimDevice) => ({ a: 'ban', c: 'member', u: whom.keys.mfp });
const reinstate = (whom: SimDevice) => ({ a: 'reinstate', c: 'party', u: whom.keys.pfp });

/** Party a votes for two bans at once from two devices; a third device of it knows of nothing. */
async function contradiction() {
  const sim = await mission('a@pa', 'b@pb', 'c@pc', 'd@pb', 'e@pc', 'f@pb');
  const [a, b, c, d, e, f] = [...sim.devices.values()].toSorted((x, y) =>
    x.name < y.name ? -1 : 1,
  ) as [SimDevice, SimDevice, SimDevice, SimDevice, SimDevice, SimDevice];
  const a2 = await further(a, 'a2@pa');
  const a3 = await further(a, 'a3@pa');
  const c2 = await further(c, 'c2@pc');
  await sync(a, a2, a3, b, c, c2);
  const [v1, v2] = [await vote(a, a.mission, ban(d)), await vote(a2, a2.mission, ban(e))];
  await c.pull(a);
  await b.pull(a2);
  const [w1, w2] = [await vote(c, c.mission, ban(d)), await vote(b, b.mission, ban(e))];
  await resolve(c, c.mission, ban(d), [v1, w1]);
  await resolve(b, b.mission, ban(e), [v2, w2]);
  await sync(a, b, c);
  return { a, a3, b, c, c2, f };
}

async function forgive(a: SimDevice, b: SimDevice, c: SimDevice): Promise<void> {
  const votes = [await vote(b, b.mission, reinstate(a))];
  await sync(b, c);
  votes.push(await vote(c, c.mission, reinstate(a)));
  await resolve(c, c.mission, reinstate(a), votes);
  await sync(a, b, c);
}

const units = (of: SimDevice) => contradictingUnits(of.mission.view().state);

test('V3: a reinstated party votes again', async () => {
  const { a, b, c, f } = await contradiction();
  expect(units(a)).toEqual([a.keys.pfp]);
  await expect(vote(a, a.mission, ban(f))).rejects.toThrow('V3');
  await forgive(a, b, c);
  expect(units(a)).toEqual([]);
  await vote(a, a.mission, ban(f));
  expect(a.mission.view().state.ballots.size).toBe(1);
});

test('V3: a contradiction that comes to light after the reinstatement is not forgiven by it', async () => {
  const { a, a3, b, c, c2, f } = await contradiction();
  await forgive(a, b, c);
  // Kept back until the others had forgiven what they knew of.
  const kept = [await vote(a3, a3.mission, ban(f))];
  await c2.pull(a3);
  kept.push(await vote(c2, c2.mission, ban(f)));
  await resolve(c2, c2.mission, ban(f), kept);
  // As those take it for whom the bans of before are not final yet; for others it is ERR_FINALITY.
  for (const one of [a, b, c]) await one.mission.load(all(c2.mission));
  for (const one of [a, b, c]) expect(units(one)).toContain(a.keys.pfp);
  const motion = reinstate(c);
  const x = { ...motion, basis: basisOf(a.mission, motion), ch: 'for' };
  expect(await verdict(b.mission, await forge(a, a.mission, { k: 'vote', x }))).toBe('V3');
  const fresh = missionReplica(nodeEngine);
  await fresh.admit(all(b.mission).toReversed());
  expect(contradictingUnits(fresh.view().state)).toEqual(units(b));
  // Those who know of it can forgive it, too; c has contradicted itself as well.
  expect(units(b)).toEqual([a.keys.pfp, c.keys.pfp].sort());
});
