import { toB64u } from '#protocol/codec/text-form.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import type { Replica } from '#protocol/admit/replica.ts';
import { statusOf } from '#protocol/state/child-state.ts';
import { joinMessage } from '#protocol/state/kinds/child-join.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import { seedOf } from '../people.ts';
import { all, type SimDevice } from './device.ts';
import { roomOf, type SimRoom } from './room.ts';
import { asOf } from './fork.ts';
import { basisOf, resolve, vote, type SimMotion } from './vote.ts';

/** A mission with one room after random work in partitions. */
export interface SimHistory extends SimRoom {
  /** Refusals of honest writers' own commits that should not have happened. */
  refused: string[];
}

/** Of the rooms of mode 3. */
const joinKey = seedSigner(seedOf('join key'));

/** Steps that a random history is made of. */
const steps = [
  'say',
  'say',
  'say',
  'sync',
  'sync',
  'add',
  'leave',
  'join',
  'rotate',
  'share',
  'ban',
  'unban',
  'promote',
  'merge',
  'missionBan',
  'fork',
] as const;

/** Rules by which an own check may rightly stop an honest client that wants the impossible. */
const expected = /^(R1[357]|R2[1-8]|R31|R32|K2|V[379]|L9|M[24]|K18|R33|F4|no ballots)/;

/** Honest people doing things at random, often without knowing of each other. */
export async function randomHistory(
  random: () => number,
  length: number,
  hasLiar = false,
): Promise<SimHistory> {
  const names = ['alice@red', 'bob@blue', 'carol@green', 'dora@red', 'eve@grey'];
  const unit = random() < 0.5 ? 'party' : 'member';
  const isOpen = random() < 0.4;
  const jpk = toB64u(joinKey.publicKey);
  const sim = await roomOf(names, { unit, ...(isOpen && { mode: 3, jpk }) });
  const refused: string[] = [];
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  for (let i = 0; i < length; i++) {
    const who = pick(sim.people);
    const step = pick(steps);
    if (step === 'fork') {
      if (hasLiar) await lie(sim, pick, random).catch(() => undefined);
      continue;
    }
    try {
      const voters = sim.people.filter((one) => one !== who && random() < 0.7);
      await act(sim, who, step, pick(sim.people), voters);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!expected.test(why)) refused.push(`${step}: ${why}`);
    }
  }
  return { ...sim, refused };
}

async function act(
  sim: SimRoom,
  who: SimDevice,
  step: Exclude<(typeof steps)[number], 'fork'>,
  whom: SimDevice,
  voters: readonly SimDevice[],
): Promise<void> {
  const room = sim.of(who);
  const target = { c: 'member', u: whom.keys.mfp };
  switch (step) {
    case 'say':
      await who.say(sim.room, `${who.name} ${room.size}`);
      return;
    case 'sync':
      await who.pull(whom);
      return;
    case 'add':
      await who.add(sim.room, whom.keys.mfp);
      return;
    case 'leave':
      if (who.name === 'dora@red') await who.write(room, 'leave');
      return;
    case 'join': {
      const { mission, state } = room.view();
      const { genesis, people } = state;
      // A banned person hears R22, or R14 if the own chain is hidden already.
      if (statusOf(state, mission, who.keys.mfp) === 'banned') return;
      const isInvited = people.get(who.keys.mfp)?.hasJoined === false;
      const message = joinMessage(sim.room, who.keys.mfp);
      const s = toB64u(await joinKey.sign('swarm-cert-v1', message));
      await who.write(room, 'join', genesis.mode === 3 && !isInvited ? { s } : {});
      return;
    }
    case 'rotate':
      await who.rotate(sim.room);
      return;
    case 'share':
      await who.shareKeys(sim.room);
      return;
    case 'merge':
      await who.write(room, 'merge');
      return;
    case 'promote':
      await decide(who, voters, (one) => sim.of(one), { a: 'promote', ...target });
      return;
    case 'ban':
      await decide(who, voters, (one) => sim.of(one), { a: 'ban', ...target });
      return;
    case 'unban':
      await decide(who, voters, (one) => sim.of(one), { a: 'unban', ...target });
      return;
    case 'missionBan':
      await decide(who, voters, (one) => one.mission, { a: 'ban', ...target });
  }
}

/** The last of the people goes back to something older and writes a second branch from there. */
async function lie(
  sim: SimRoom,
  pick: <T>(list: readonly T[]) => T,
  random: () => number,
): Promise<void> {
  const liar = sim.people.at(-1) as SimDevice;
  const room = sim.of(liar);
  const own = room.order().shown.filter((op) => op.envelope.d === liar.keys.dfp);
  const { device, replica } = await asOf(liar, room, pick(own));
  const whom = pick(sim.people);
  const about = { a: 'ban', c: 'member', u: pick(sim.people).keys.mfp };
  if (random() < 0.5) await vote(device, replica, about);
  else await device.say(sim.room, 'something else');
  if (random() < 0.3) await device.write(replica, 'leave');
  await whom.take(sim.room, [...replica.commits()]);
}

/** Votes, and resolves if the open ballots suffice. */
async function decide<S extends SwarmState>(
  who: SimDevice,
  voters: readonly SimDevice[],
  of: (device: SimDevice) => Replica<S>,
  motion: SimMotion,
): Promise<void> {
  await vote(who, of(who), motion);
  for (const voter of voters) {
    await voter.pull(who);
    await vote(voter, of(voter), motion).catch(() => undefined);
    await who.pull(voter);
  }
  await tryResolve(who, of(who), motion);
}

async function tryResolve<S extends SwarmState>(
  who: SimDevice,
  replica: Replica<S>,
  motion: SimMotion,
): Promise<void> {
  const basis = basisOf(replica, motion).join();
  const ballots = [...replica.view().state.ballots.values()].filter(
    ({ motion: m }) => m.a === motion.a && m.u === motion.u && m.basis.join() === basis,
  );
  const commits = ballots.flatMap(({ by }) => replica.commit(by) ?? []);
  if (commits.length === 0) throw new Error('no ballots');
  await resolve(who, replica, motion, commits);
}

/** Every commit that anybody has: of the mission, and of the room. */
export function everything(sim: SimRoom) {
  const unique = <T extends { sid: string }>(list: T[]): T[] => [
    ...new Map(list.map((one) => [one.sid, one])).values(),
  ];
  return {
    mission: unique(sim.people.flatMap((one) => all(one.mission))),
    room: unique(sim.people.flatMap((one) => all(sim.of(one)))),
  };
}
