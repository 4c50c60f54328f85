import { isInside, statusOf } from '#protocol/state/child-state.ts';
import type { Replica } from '#protocol/admit/replica.ts';
import type { Op } from '#protocol/state/op.ts';
import { KeyRing } from '#protocol/keys/key-ring.ts';
import { isDeviceEffective } from '#protocol/state/mission-state.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import { all, sync, SimDevice } from './device.ts';
import { asOf } from './fork.ts';
import { further } from './mission.ts';
import { roomOf } from './room.ts';
import { basisOf, resolve, vote, type SimMotion } from './vote.ts';

/** A founded room to begin many groups from: founding costs more than all that follows. */
export interface Ground {
  room: string;
  honest: readonly SimDevice[];
  /** Devices of the dishonest; the last of each person has never written. */
  dishonest: readonly SimDevice[];
}

/** A group after its random work, everybody knowing everything. */
export interface Group extends Ground {
  /** Refusals of what an honest client must always be able to write. */
  refused: string[];
}

/** Founds a room of these people; those named second are dishonest and get a device more. */
export async function groundOf(
  honest: readonly string[],
  dishonest: readonly string[],
  more = {},
): Promise<Ground> {
  const sim = await roomOf([...honest, ...dishonest], more);
  const liars = dishonest.map((name) => sim.device(name));
  const spare: SimDevice[] = [];
  for (const liar of liars) spare.push(await further(liar, `second ${liar.name}`));
  for (const one of sim.people) await one.say(sim.room, `${one.name} is here`);
  await sync(...sim.people, ...spare);
  return {
    room: sim.room,
    honest: honest.map((name) => sim.device(name)),
    dishonest: [...liars, ...spare],
  };
}

/** Random work above this ground: the honest in partitions, the dishonest with all they can do. */
export async function randomGroup(
  ground: Ground,
  random: () => number,
  length: number,
): Promise<Group> {
  const { room } = ground;
  const honest = await Promise.all(ground.honest.map((one) => twin(one, room)));
  const dishonest = await Promise.all(ground.dishonest.map((one) => twin(one, room)));
  const group: Group = { room, honest, dishonest, refused: [] };
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  for (let i = 0; i < length; i++) {
    if (random() < 0.35) await cheat(group, pick, random).catch(() => undefined);
    else await work(group, pick, random);
  }
  await meet(group);
  return group;
}

/** Whether this person is inside and may write, as the own device sees it. */
export function mayWrite(device: SimDevice, room: string): boolean {
  const { mission, state } = device.room(room).view();
  const isIn = isInside(statusOf(state, mission, device.keys.mfp));
  const isOpen = state.closed.length === 0 && mission.closed.length === 0;
  return isIn && isOpen && isDeviceEffective(mission, device.keys.dfp);
}

/**
 * Whether the dishonest were ever half of those who decided something: beyond that no rule
 * protects a group, only finality does (addendum, section 1).
 */
export function wasOverrun({ dishonest, honest, room }: Group): boolean {
  const liars = new Set(dishonest.flatMap(({ keys }) => [keys.mfp, keys.pfp]));
  const [first] = honest as [SimDevice];
  const decided = [...first.room(room).order().shown, ...first.mission.order().shown];
  return decided.some(({ tally }) => {
    const units = tally?.electorate ?? [];
    return units.length > 0 && 2 * units.filter((unit) => liars.has(unit)).length >= units.length;
  });
}

/** Everybody gets all that anybody has, until nothing moves. */
export async function meet({ dishonest, honest, room }: Ground): Promise<void> {
  const everybody = [...honest, ...dishonest];
  for (let before = -1, now = 0; before !== now;) {
    before = now;
    await sync(...everybody);
    now = everybody.reduce((sum, one) => sum + one.room(room).size, 0);
  }
}

async function twin(of: SimDevice, cid: string): Promise<SimDevice> {
  const made = new SimDevice(of.name, of.keys, of.engine);
  await made.mission.load(all(of.mission));
  await made.room(cid).load([...of.room(cid).commits()]);
  const ring = new KeyRing(cid);
  made.rings.set(cid, ring);
  for (const op of made.room(cid).order().shown) {
    const key = of.ring(cid).key((op.x as { id?: string } | undefined)?.id ?? '');
    if (op.envelope.k === 'epoch' && key) ring.put(op, key);
  }
  return made;
}

type Pick = <T>(list: readonly T[]) => T;

/** What an honest person does: talks, listens, and quarrels with others, who may vote along. */
async function work(group: Group, pick: Pick, random: () => number): Promise<void> {
  const { dishonest, honest, room } = group;
  const who = pick(honest);
  const chance = random();
  if (chance < 0.35) {
    const may = mayWrite(who, room);
    await who.say(room, who.name).catch((error: unknown) => {
      if (may) group.refused.push(`${who.name}: ${String(error)}`);
    });
  } else if (chance < 0.6) {
    await who.pull(pick([...honest, ...dishonest]));
  } else if (chance < 0.7) {
    await who.write(who.room(room), 'join', {}).catch(() => undefined);
    await who.write(who.room(room), 'merge').catch(() => undefined);
  } else {
    const everybody = [...honest, ...dishonest];
    const whom = pick(everybody);
    const isAbove = random() < 0.2;
    const actions = isAbove ? ['ban', 'unban'] : ['ban', 'ban', 'unban', 'promote'];
    const motion = about(pick(actions), whom);
    const voters = everybody.filter((one) => one !== whom && random() < 0.7);
    if (isAbove) await quarrel(who, voters, (one) => one.mission, motion);
    else await quarrel(who, voters, (one) => one.room(room), motion);
  }
}

/** These vote, and who has heard all of them writes it down if that carries it. */
async function quarrel<S extends SwarmState>(
  who: SimDevice,
  voters: readonly SimDevice[],
  of: (device: SimDevice) => Replica<S>,
  motion: SimMotion,
): Promise<void> {
  for (const voter of voters) {
    await vote(voter, of(voter), motion).catch(() => undefined);
    await who.pull(voter);
  }
  await tryResolve(who, of(who), motion).catch(() => undefined);
}

/** What a dishonest person does: votes and decides from wherever suits, and shows it to somebody. */
async function cheat(group: Group, pick: Pick, random: () => number): Promise<void> {
  const { dishonest, honest, room } = group;
  const liar = pick(dishonest);
  const target = pick([...honest, ...dishonest]);
  const motion = about(pick(['ban', 'ban', 'promote', 'demote', 'unban']), target);
  const chance = random();
  if (chance < 0.2) {
    await liar.pull(pick([...honest, ...dishonest]));
    return;
  }
  const here = liar.room(room);
  // From an own earlier place; a device that never wrote may stand anywhere.
  const own = here.order().shown.filter(({ envelope }) => envelope.d === liar.keys.dfp);
  const places = own.length > 0 ? own : here.order().shown;
  const isOld = chance < 0.7;
  const at = isOld ? await asOf(liar, here, pick(places) as Op) : { device: liar, replica: here };
  if (chance < 0.3) await at.device.write(at.replica, 'leave');
  else await vote(at.device, at.replica, motion).catch(() => undefined);
  if (random() < 0.3) await at.device.say(room, 'another story').catch(() => undefined);
  for (const friend of dishonest) {
    if (friend === liar || random() < 0.5) continue;
    await friend.take(room, [...at.replica.commits()]);
    await vote(friend, friend.room(room), motion).catch(() => undefined);
    await at.device.take(room, [...friend.room(room).commits()]);
  }
  await tryResolve(at.device, at.replica, motion).catch(() => undefined);
  await pick(honest).take(room, [...at.replica.commits()]);
}

const about = (a: string, whom: SimDevice): SimMotion => ({ a, c: 'member', u: whom.keys.mfp });

/** Writes a motion down if the open ballots that this device knows carry it. */
async function tryResolve<S extends SwarmState>(
  who: SimDevice,
  room: Replica<S>,
  motion: SimMotion,
): Promise<void> {
  const basis = basisOf(room, motion).join();
  const ballots = [...room.view().state.ballots.values()].filter(
    ({ isAgainst, motion: m }) =>
      !isAgainst && m.a === motion.a && m.u === motion.u && m.basis.join() === basis,
  );
  await resolve(
    who,
    room,
    motion,
    ballots.flatMap(({ by }) => room.commit(by) ?? []),
  );
}
