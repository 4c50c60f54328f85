import type { Threshold } from '../mission/charter.ts';

/** What R26 and V10 count. */
export interface Count {
  /** Units that voted for it, without the target. */
  voted: number;
  /** Units in the electorate, the target's included. */
  units: number;
  /** Whether the target is one of these units. */
  targetIsUnit: boolean;
  /** Whether the target says so itself: it counts for the majority, never for the threshold. */
  targetVoted?: boolean;
}

/**
 * V10, exactly: the threshold over the units without the target, and for every decision
 * also a strict majority with the target counted. So of two parties neither removes the other.
 */
export function carries(
  threshold: Threshold,
  { voted, units, targetIsUnit, targetVoted }: Count,
): boolean {
  if (2 * (voted + (targetVoted ? 1 : 0)) <= units) return false;
  const others = targetIsUnit ? units - 1 : units;
  if (threshold === 'majority') return true;
  return threshold === 'two-thirds' ? 3 * voted >= 2 * others : voted === others;
}

/** V2: whether a decision once carried survives with these clean units out of so many. */
export function survives(threshold: Threshold, clean: number, units: number): boolean {
  if (clean < 1) return false;
  if (threshold === 'majority') return 2 * clean >= units;
  return threshold === 'two-thirds' ? 3 * clean >= 2 * units : clean >= units;
}
