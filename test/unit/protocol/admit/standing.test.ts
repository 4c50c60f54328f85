import { expect, test } from 'vitest';
import { statusOf } from '#protocol/state/child-state.ts';
import type { Op } from '#protocol/state/op.ts';
import { contradictingUnits } from '#protocol/state/swarm-state.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { verdict } from '../../../support/swarm-simulator/forge.ts';
import { asOf } from '../../../support/swarm-simulator/fork.ts';
import { further } from '../../../support/swarm-simulator/mission.ts';
import { roomOf } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

const about = (a: string, whom: SimDevice) => ({ a, c: 'member', u: whom.keys.mfp });

/** One founder, `x`, of a room in which members vote for themselves; the others are ordinary members. */
async function ledByX() {
  const sim = await roomOf(['x@p', 'y@q', 'z@r'], { unit: 'member' }, 1);
  const [x, y, z] = sim.people as [SimDevice, SimDevice, SimDevice];
  const status = (by: SimDevice, whom: SimDevice) => {
    const { mission, state } = sim.of(by).view();
    return statusOf(state, mission, whom.keys.mfp);
  };
  return { sim, x, y, z, status };
}

test('X2, S93: a former sole admin cannot take the room back from a fresh device on an old parent (V1, V2)', async () => {
  const { sim, status, x, y, z } = await ledByX();
  const x2 = await further(x, 'x2@p');
  await sync(x, x2, y, z);
  const first = await vote(x, sim.of(x), about('promote', y));
  await resolve(x, sim.of(x), about('promote', y), [first]);
  const votes = [await vote(x, sim.of(x), about('promote', z))];
  await sync(x, y, z);
  votes.push(await vote(y, sim.of(y), about('promote', z)));
  await resolve(y, sim.of(y), about('promote', z), votes);
  await sync(x, y, z);
  expect([status(z, y), status(z, z)]).toEqual(['admin', 'admin']);
  await z.say(sim.room, 'a long history');
  for (const whom of [y, z]) {
    const ballot = await vote(x2, x2.room(sim.room), about('ban', whom));
    await resolve(x2, x2.room(sim.room), about('ban', whom), [ballot]);
  }
  await sync(x, x2, y, z);
  for (const by of [x2, y, z]) expect([status(by, y), status(by, z)]).not.toContain('banned');
  expect(contradictingUnits(sim.of(y).view().state)).toEqual([x.keys.mfp]);
  await expect(vote(x, sim.of(x), about('ban', y))).rejects.toThrow('V3');
  expect(await y.read(sim.room)).toContain('a long history');
});

test('X8: forking below the own vote brings nothing either, whatever the branch decides (V2)', async () => {
  const { sim, status, x, y, z } = await ledByX();
  const before = sim.of(x).newest(x.keys.dfp) as Op;
  const old = await asOf(x, sim.of(x), before);
  const ballot = await vote(x, sim.of(x), about('promote', y));
  await resolve(x, sim.of(x), about('promote', y), [ballot]);
  await sync(x, y, z);
  const lie = await vote(old.device, old.replica, about('ban', y));
  const carried = await resolve(old.device, old.replica, about('ban', y), [lie]);
  expect(await verdict(sim.of(z), lie)).toBe('ok');
  await sim.of(z).load([carried]);
  expect(sim.of(z).has(carried.sid)).toBe(true);
  expect(status(z, y)).not.toBe('banned');
  expect(sim.of(z).view().state.fallen).toContain(carried.sid);
});
