import { describe, expect, test } from 'vitest';
import { statusOf } from '#protocol/state/child-state.ts';
import type { Op } from '#protocol/state/op.ts';
import { subject, unlifted } from '#protocol/state/removal.ts';
import { devicesInside } from '#protocol/state/child-state.ts';
import { missionChamber } from '#protocol/state/mission-chamber.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { asOf } from '../../../support/swarm-simulator/fork.ts';
import { admitted, further, mission } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';
import { decide, resolve, vote } from '../../../support/swarm-simulator/vote.ts';

type Four = [SimDevice, SimDevice, SimDevice, SimDevice];

const four = ['alice@red', 'bob@blue', 'carol@green', 'dora@grey'];
const about = (a: string, whom: SimDevice) => ({ a, c: 'member', u: whom.keys.mfp });

async function cast() {
  const sim = await roomOf(four, { unit: 'member' });
  return { sim, people: sim.people as Four };
}

function status(sim: SimRoom, by: SimDevice, whom: SimDevice) {
  const { mission: above, state } = sim.of(by).view();
  return statusOf(state, above, whom.keys.mfp);
}

const hiddenOf = (sim: SimRoom, by: SimDevice) =>
  sim
    .of(by)
    .order()
    .hidden.map(({ op, reason }) => [op.sid, reason]);

/** All of these vote, knowing of each other; the commit that writes it down. */
async function carry(sim: SimRoom, motion: ReturnType<typeof about>, voters: readonly SimDevice[]) {
  const votes = [];
  for (const voter of voters) {
    votes.push(await vote(voter, sim.of(voter), motion));
    await sync(...voters);
  }
  const last = voters.at(-1) as SimDevice;
  return resolve(last, sim.of(last), motion, votes);
}

describe('a removal and what is written beside it', () => {
  test('C1, C3, C9: the ban holds, what it knew stays, what came beside it is kept and not shown', async () => {
    const { sim, people } = await cast();
    const [alice, bob, carol, dora] = people;
    const early = await dora.say(sim.room, 'early');
    await sync(...people);
    await carry(sim, about('ban', dora), [alice, bob, carol]);
    const beside = await dora.say(sim.room, 'beside it');
    // Alice has not heard that it was written down, and answers Dora.
    await alice.pull(dora);
    const answer = await alice.say(sim.room, 'to Dora');
    await sync(alice, bob, carol);
    for (const by of [alice, bob, carol]) {
      expect(status(sim, by, dora)).toBe('banned');
      expect(hiddenOf(sim, by)).toEqual([[beside.sid, 'removed']]);
      const shown = sim.of(by).order().shown.map(({ sid }) => sid); // prettier-ignore
      expect(shown).toEqual(expect.arrayContaining([early.sid, answer.sid]));
    }
  });

  test('S90, C7: who leaves on one device has left, and what another wrote meanwhile is hidden', async () => {
    const { sim, people } = await cast();
    const [alice, bob] = people;
    const tablet = await further(alice, 'tablet@red');
    await sync(...people, tablet);
    await bob.shareKeys(sim.room);
    await sync(...people, tablet);
    await alice.write(sim.of(alice), 'leave');
    const post = await tablet.say(sim.room, 'still here, I thought');
    const grant = await admitted(bob, 'finn@blue');
    await tablet.mission.admit([...bob.mission.commits()]);
    await tablet.add(sim.room, grant.keys.mfp);
    await bob.pull(tablet);
    await sync(...people, tablet);
    for (const by of people) {
      expect(status(sim, by, alice)).toBe('left');
      expect(hiddenOf(sim, by)).toEqual([[post.sid, 'removed']]);
      // A departure hides words, it does not undo what was granted (V5).
      expect(status(sim, by, grant)).toBe('invited');
    }
    await bob.say(sim.room, 'we go on');
  });
});

test('C6: two devices of one person join at once: one membership, two devices', async () => {
  const { sim, people } = await cast();
  const [alice, bob] = people;
  const eve = await admitted(bob, 'eve@blue');
  const tablet = await further(eve, 'eve’s tablet@blue');
  await sync(...people, eve, tablet);
  await alice.add(sim.room, eve.keys.mfp);
  await sync(...people, eve, tablet);
  for (const one of [eve, tablet]) await one.write(sim.of(one), 'join', {});
  await sync(...people, eve, tablet);
  for (const by of [...people, eve, tablet]) {
    const { mission: above, state } = sim.of(by).view();
    expect([...state.people.keys()].filter((member) => member === eve.keys.mfp)).toHaveLength(1);
    expect(status(sim, by, eve)).toBe('member');
    expect(devicesInside(state, above)).toEqual(
      expect.arrayContaining([eve.keys.dfp, tablet.keys.dfp]),
    );
  }
  await expect(tablet.write(sim.of(tablet), 'join', {})).rejects.toThrow('R22');
});

test('R28, C4: one unban lifts all bans that it knows, two at once as well, and no other', async () => {
  const { sim, people } = await cast();
  const [alice, bob, carol, dora] = people;
  const ban = about('ban', dora);
  const votes = [];
  for (const one of [alice, bob, carol]) {
    votes.push(await vote(one, sim.of(one), ban));
    await sync(alice, bob, carol);
  }
  await resolve(alice, sim.of(alice), ban, votes);
  await resolve(bob, sim.of(bob), ban, votes);
  const third = await resolve(carol, sim.of(carol), ban, votes);
  await sync(alice, bob);
  const open = (by: SimDevice) =>
    unlifted(sim.of(by).view().state.removals, subject('member', dora.keys.mfp));
  expect(open(alice)).toHaveLength(2);
  // An unban needs the majority of the three who are left.
  const unban = about('unban', dora);
  const lift = [await vote(alice, sim.of(alice), unban)];
  await sync(alice, bob);
  lift.push(await vote(bob, sim.of(bob), unban));
  await resolve(bob, sim.of(bob), unban, lift);
  await alice.pull(bob);
  expect(open(alice)).toEqual([]);
  expect(status(sim, alice, dora)).toBe('invited');
  // The one that nobody had heard of stands.
  await sync(alice, bob, carol);
  expect(open(bob).map(({ by }) => by)).toEqual([third.sid]);
  expect(status(sim, bob, dora)).toBe('banned');
});

test('S175, X9: a puppet of a promotion that fell carries no vote (V2)', async () => {
  const sim = await roomOf(['x@p', 'y@q', 'm@r'], { unit: 'member' }, 1);
  const [x, y, m] = sim.people as [SimDevice, SimDevice, SimDevice];
  await x.say(sim.room, 'all are here');
  const old = await asOf(x, sim.of(x), sim.of(x).newest(x.keys.dfp) as Op);
  const honest = await vote(x, sim.of(x), about('promote', y));
  await resolve(x, sim.of(x), about('promote', y), [honest]);
  await sync(x, y);
  // From before that, x makes m an admin, and the two of them ban y.
  const puppet = await vote(old.device, old.replica, about('promote', m));
  await resolve(old.device, old.replica, about('promote', m), [puppet]);
  await m.take(sim.room, [...old.replica.commits()]);
  expect(status(sim, m, m)).toBe('admin');
  const one = await vote(old.device, old.replica, about('ban', y));
  await m.take(sim.room, [...old.replica.commits()]);
  const two = await vote(m, sim.of(m), about('ban', y));
  const lie = await resolve(m, sim.of(m), about('ban', y), [one, two]);
  await sim.of(y).load([...sim.of(m).commits()]);
  expect(sim.of(y).has(lie.sid)).toBe(true);
  expect(sim.of(y).view().state.fallen).toContain(lie.sid);
  expect(status(sim, y, y)).not.toBe('banned');
  expect(status(sim, y, m)).toBe('member');
});

test('S188, V11: a party whose only lead is banned is a unit as before', async () => {
  const sim = await mission(...four);
  const people = four.map((name) => sim.device(name)) as Four;
  const [alice, bob, carol, dora] = people;
  await decide([alice, carol, dora], about('ban', bob));
  const { mission: replica } = alice;
  const scene = replica.swarm.scene(sim.cid, replica.heads[0] as Op, replica.view());
  expect(missionChamber.units(scene)).toContain(bob.keys.pfp);
  expect(missionChamber.voters(scene, bob.keys.pfp)).toEqual([]);
  // Two of four are no majority; of three they would be.
  const close = { a: 'close', c: 'swarm', u: sim.cid };
  const votes = [await vote(alice, alice.mission, close), await vote(carol, carol.mission, close)];
  await sync(...people);
  await expect(resolve(carol, carol.mission, close, votes)).rejects.toThrow('R26');
  await expect(vote(bob, bob.mission, close)).rejects.toThrow('R17');
});
