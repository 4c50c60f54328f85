import type { Op } from '../graph/op.ts';
import { motionOf } from '../votes/motion.ts';
import { stillCarries, votingUnits, type Electorate } from '../votes/threshold.ts';
import { listed } from './contradictions.ts';
import type { Resolution } from './resolution.ts';

/** V2: which resolutions of a set stand, in topological order. */
export function standing<S>(view: Resolution<S>, resolutions: readonly Op[]): Set<string> {
  const stands = new Set<string>();
  for (const r of resolutions) if (isStanding(view, r, resolutions, stands)) stands.add(r.sid);
  return stands;
}

function isStanding<S>(
  view: Resolution<S>,
  r: Op,
  resolutions: readonly Op[],
  stands: ReadonlySet<string>,
): boolean {
  const { graph, law } = view.swarm;
  const before = view.swarm.before(r);
  const electorates = law.electorates(before, motionOf(r));
  const ballots = listed(graph, r);
  const units = groupByUnit(view, ballots);
  const struck = [...units].filter(([, cast]) => cast.every((v) => view.isStruck(v)));
  return electorates.every((electorate) => {
    const isWeak = (unit: string): boolean => isTainted(view, before, unit, stands);
    const tainted = new Set([...electorate.keys()].filter(isWeak));
    const isTouched = struck.length > 0 || [...units.keys()].some((unit) => tainted.has(unit));
    if (!isTouched) return true;
    const target = law.targetUnit(before, motionOf(r));
    const gone = new Set([
      ...struck.map(([unit]) => unit),
      ...(target === undefined ? [] : [target]),
    ]);
    const rest = [...electorate.keys()].filter((unit) => !tainted.has(unit));
    const pool = new Set([...rest, ...grantedBeside(view, r, resolutions)]);
    const clean = cleanVotes(view, electorate, ballots).filter((unit) => !tainted.has(unit));
    const left = [...pool].filter((unit) => !gone.has(unit)).length;
    return stillCarries(law.threshold(before, motionOf(r)), clean.length, left);
  });
}

function groupByUnit<S>(view: Resolution<S>, ballots: readonly Op[]): Map<string, Op[]> {
  const units = new Map<string, Op[]>();
  for (const ballot of ballots) {
    const unit = view.unitOf(ballot);
    if (unit !== undefined) units.set(unit, [...(units.get(unit) ?? []), ballot]);
  }
  return units;
}

function cleanVotes<S>(
  view: Resolution<S>,
  electorate: Electorate,
  ballots: readonly Op[],
): string[] {
  const voters = ballots
    .filter((v) => !view.isStruck(v))
    .map((v) => view.authorOf(v)?.member ?? '');
  return votingUnits(electorate, new Set(voters));
}

/** Whether a place in an electorate rests only on grants that do not stand in the larger set. */
function isTainted<S>(
  view: Resolution<S>,
  before: Resolution<S>,
  unit: string,
  stands: ReadonlySet<string>,
): boolean {
  const grants = view.swarm.law.grantsOf(before, unit);
  return grants.length > 0 && grants.every(({ sid }) => !stands.has(sid));
}

/** G of V2: units granted beside a resolution by others than its target. */
function grantedBeside<S>(view: Resolution<S>, r: Op, resolutions: readonly Op[]): string[] {
  const { graph, law } = view.swarm;
  return resolutions.flatMap((g) => {
    const motion = motionOf(g);
    if (!['promote', 'unban', 'addparty'].includes(motion.a) || !graph.isConcurrent(g, r))
      return [];
    const target = law.targetUnit(view.swarm.before(r), motionOf(r));
    const isClean = listed(graph, g).some((v) => !view.isStruck(v) && view.unitOf(v) !== target);
    const unit = law.targetUnit(view.swarm.before(g), motion);
    return isClean && unit !== undefined ? [unit] : [];
  });
}
