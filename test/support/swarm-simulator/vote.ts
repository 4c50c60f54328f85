import type { Json } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import type { Replica } from '#protocol/admit/replica.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import { sync, type SimDevice } from './device.ts';

/** A motion without its basis, which follows from what was decided, with what it brings along. */
export interface SimMotion {
  a: string;
  c: string;
  u: string;
  rule?: { [key: string]: Json };
  reopen?: { [key: string]: Json };
}

/** Casts a ballot. */
export function vote<S extends SwarmState>(
  device: SimDevice,
  replica: Replica<S>,
  motion: SimMotion,
  ch: 'for' | 'against' | 'withdraw' = 'for',
): Promise<Commit> {
  return device.write(replica, 'vote', { ...motion, basis: basisOf(replica, motion), ch });
}

/** Writes down that these ballots carry a motion. */
export function resolve<S extends SwarmState>(
  device: SimDevice,
  replica: Replica<S>,
  motion: SimMotion,
  votes: readonly Commit[],
  more: { [key: string]: Json } = {},
): Promise<Commit> {
  const listed = votes.map(({ sid }) => sid).sort();
  return device.write(replica, 'resolve', {
    ...motion,
    basis: basisOf(replica, motion),
    votes: listed,
    ...more,
  });
}

/** What was decided about the target before (V9). */
export function basisOf<S extends SwarmState>(
  replica: Replica<S>,
  { c, u }: Pick<SimMotion, 'c' | 'u'>,
): string[] {
  return [...(replica.view().state.decided.get(`${c} ${u}`) ?? [])];
}

/** All of these vote and the last of them writes it down; everybody hears of it. */
export async function decide(
  people: readonly SimDevice[],
  motion: SimMotion,
  more: { [key: string]: Json } = {},
): Promise<Commit> {
  const votes: Commit[] = [];
  for (const one of people) votes.push(await vote(one, one.mission, motion));
  await sync(...people);
  const last = people.at(-1) as SimDevice;
  const commit = await resolve(last, last.mission, motion, votes, more);
  await sync(...people);
  return commit;
}
