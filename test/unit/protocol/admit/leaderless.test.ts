import { expect, test } from 'vitest';
import { statusOf } from '#protocol/state/child-state.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { admitted } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote, type SimMotion } from '../../../support/swarm-simulator/vote.ts';

const promote = (whom: SimDevice) => ({ a: 'promote', c: 'member', u: whom.keys.mfp });

function status(sim: SimRoom, seenBy: SimDevice, whom: SimDevice) {
  const { mission, state } = sim.of(seenBy).view();
  return statusOf(state, mission, whom.keys.mfp);
}

/** A room that x alone led, who then left. Anybody may add people in it. */
async function leftAlone() {
  const sim = await roomOf(['x@px', 'y@py', 'z@pz', 'w@py'], { mode: 2, unit: 'member' }, 1);
  const [x, y, z, w] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
  await x.write(sim.of(x), 'leave');
  await sync(x, y, z, w);
  return { sim, x, y, z, w };
}

async function carry(sim: SimRoom, motion: SimMotion, voters: readonly SimDevice[]) {
  const votes = [];
  for (const one of voters) votes.push(await vote(one, sim.of(one), motion));
  await sync(...voters);
  const last = voters.at(-1) as SimDevice;
  await resolve(last, sim.of(last), motion, votes);
  await sync(...voters);
}

test('R29: when no admin is left, members promote one of them by majority', async () => {
  const { sim, w, y, z } = await leftAlone();
  await expect(carry(sim, promote(y), [z])).rejects.toThrow('R26');
  await carry(sim, promote(z), [y, w]);
  expect(status(sim, y, z)).toBe('admin');
  await sync(y, z, w);
  await expect(vote(y, sim.of(y), promote(w))).rejects.toThrow('R25');
  await z.say(sim.room, 'I lead now');
});

test('S77, R29: while an admin is there members decide nothing; without one nothing but promotion and close', async () => {
  const sim = await roomOf(['x@px', 'y@py', 'z@pz'], { unit: 'member' }, 1);
  const [, y, z] = sim.people as [SimDevice, SimDevice, SimDevice];
  await expect(vote(y, sim.of(y), promote(z))).rejects.toThrow('R25');
  const left = await leftAlone();
  const ban = { ...promote(left.z), a: 'ban' };
  await expect(vote(left.y, left.sim.of(left.y), ban)).rejects.toThrow('R29');
  await expect(vote(left.y, left.sim.of(left.y), promote(left.y))).rejects.toThrow('R25');
  await carry(left.sim, { a: 'close', c: 'swarm', u: left.sim.room }, [left.y, left.z]);
  await expect(left.w.say(left.sim.room, 'closed?')).resolves.toBeDefined();
  await left.w.pull(left.y);
  await expect(left.w.say(left.sim.room, 'closed')).rejects.toThrow('R15');
});

test('V14: who was let in after the last admin had gone does not vote, so puppets decide nothing', async () => {
  const { sim, w, y, z } = await leftAlone();
  const puppets: SimDevice[] = [];
  for (const name of ['p1@py', 'p2@py']) {
    const puppet = await admitted(y, name);
    await y.add(sim.room, puppet.keys.mfp);
    await puppet.pull(y);
    await puppet.write(puppet.room(sim.room), 'join', {});
    await y.pull(puppet);
    puppets.push(puppet);
  }
  const [first] = puppets as [SimDevice];
  await sync(y, z, w, ...puppets);
  expect(status(sim, y, first)).toBe('member');
  await expect(vote(first, sim.of(first), promote(y))).rejects.toThrow('R25');
  await carry(sim, promote(z), [y, w]);
  await sync(y, z, w, ...puppets);
  expect(status(sim, first, z)).toBe('admin');
});

test('R29: with unit=party the parties left vote, each by more than half of its people', async () => {
  const names = ['x@px', 'y@py', 'z@pz', 'w@py', 'v@pv'];
  const sim = await roomOf(names, { mode: 2, unit: 'party' }, 1);
  const [x, y, z, w, v] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice, SimDevice];
  await x.write(sim.of(x), 'leave');
  await sync(...sim.people);
  const votes = [await vote(y, sim.of(y), promote(z)), await vote(v, sim.of(v), promote(z))];
  await sync(y, w, v);
  await expect(resolve(v, sim.of(v), promote(z), votes)).rejects.toThrow('R26');
  votes.push(await vote(w, sim.of(w), promote(z)));
  await resolve(w, sim.of(w), promote(z), votes);
  expect(status(sim, w, z)).toBe('admin');
});

test('M11, V14: a room whose admins the mission removed goes on in the hands of those left', async () => {
  const sim = await roomOf(['x@px', 'y@py', 'z@pz', 'w@py'], { unit: 'member' }, 1);
  const [x, y, z, w] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
  const ban = { a: 'ban', c: 'party', u: x.keys.pfp };
  const votes = [await vote(y, y.mission, ban), await vote(z, z.mission, ban)];
  await sync(y, z, w);
  await resolve(y, y.mission, ban, votes);
  await sync(y, z, w);
  await carry(sim, promote(y), [z, w]);
  expect(status(sim, w, y)).toBe('admin');
});
