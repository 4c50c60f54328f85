import type { Threshold } from '../identity/founding.ts';

/** Who votes, by unit: the people of whom more than half must have voted for their unit to have. */
export type Electorate = ReadonlyMap<string, readonly string[]>;

/** The units that voted, given the people who did. */
export function votingUnits(electorate: Electorate, voters: ReadonlySet<string>): string[] {
  return [...electorate].flatMap(([unit, people]) => {
    const votes = people.filter((one) => voters.has(one)).length;
    return 2 * votes > people.length ? [unit] : [];
  });
}

/** V10: whether so many of so many units carry a motion about a target, itself a unit or not. */
export function carries(
  threshold: Threshold,
  electorate: Electorate,
  votes: readonly string[],
  target: string | undefined,
): boolean {
  const n = electorate.size;
  const isOther = (unit: string): boolean => unit !== target;
  const others = [...electorate.keys()].filter(isOther).length;
  const v = votes.filter(isOther).length;
  if (2 * votes.length <= n) return false;
  if (threshold === 'two-thirds') return 3 * v >= 2 * others;
  return threshold === 'majority' || v === others;
}

/** V2: whether the clean votes still carry what contradictions touched. */
export function stillCarries(threshold: Threshold, votes: number, units: number): boolean {
  if (votes < 1) return false;
  if (threshold === 'two-thirds') return 3 * votes >= 2 * units;
  return threshold === 'majority' ? 2 * votes >= units : votes === units;
}
