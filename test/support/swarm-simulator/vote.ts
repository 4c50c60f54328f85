import type { Commit } from '#protocol/codec/commit-form.ts';
import type { Replica } from '#protocol/admit/replica.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import type { SimDevice } from './device.ts';

/** A motion without its basis, which follows from what was decided. */
export interface SimMotion {
  a: string;
  c: string;
  u: string;
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
): Promise<Commit> {
  const listed = votes.map(({ sid }) => sid).sort();
  return device.write(replica, 'resolve', {
    ...motion,
    basis: basisOf(replica, motion),
    votes: listed,
  });
}

/** What was decided about the target before (V9). */
export function basisOf<S extends SwarmState>(
  replica: Replica<S>,
  { c, u }: Pick<SimMotion, 'c' | 'u'>,
): string[] {
  return [...(replica.view().state.decided.get(`${c} ${u}`) ?? [])];
}
