import type { Graph } from '../graph.ts';
import type { ResolveX } from '../kinds/resolve.ts';
import type { Op, Tally } from '../op.ts';
import { survives } from '../threshold.ts';
import type { Contradictions } from './contradictions.ts';
import { isBefore } from './contradictions.ts';
import type { Equivocations } from './setting.ts';

/** What V2 weighs beside the resolutions themselves. */
export interface Scales {
  graph: Graph;
  contradictions: Contradictions;
  equivocations: Equivocations;
  /** Units whose place needs no grant. */
  founders: ReadonlySet<string>;
}

const noTally: Tally = { electorate: [], threshold: 'all', voted: new Map() };

/**
 * Step 2 as amended by V2: which resolutions stand. One contradicting unit can neither
 * make nor undo a decision; puppets do not carry one; a former small electorate does not
 * outweigh those it had let in since. `resolutions` come in topological order.
 */
export function standing(resolutions: readonly Op[], scales: Scales): ReadonlySet<string> {
  const fallen = new Set<Op>();
  for (const r of resolutions) {
    if (!stands(r, resolutions, fallen, scales)) fallen.add(r);
  }
  return new Set(resolutions.filter((r) => !fallen.has(r)).map((r) => r.sid));
}

function stands(r: Op, all: readonly Op[], fallen: ReadonlySet<Op>, scales: Scales): boolean {
  const { electorate, target, threshold, voted } = r.tally ?? noTally;
  const isStruck = (unit: string) =>
    (voted.get(unit) ?? []).every((ballot) => !isClean(ballot, scales)) && voted.has(unit);
  const isTainted = (unit: string) => restsOnFallen(unit, r, all, fallen, scales);
  const units = [...voted.keys()];
  if (!units.some(isStruck) && !units.some(isTainted)) return true;
  const grown = all
    .filter((g) => g !== r && !isBefore(scales.graph, g, r))
    .flatMap((g) => grantedUnit(g) ?? [])
    .filter((unit) => hasOtherVoter(unit, all, r, scales));
  const weighed = new Set([...electorate.filter((unit) => !isTainted(unit)), ...grown]);
  for (const unit of [...weighed]) if (isStruck(unit) || unit === target) weighed.delete(unit);
  const clean = units.filter((unit) => !isStruck(unit) && !isTainted(unit));
  return survives(threshold, clean.length, weighed.size);
}

/** A ballot neither contradicted by another nor written after its device forked. */
function isClean(sid: string, { graph, contradictions, equivocations }: Scales): boolean {
  const ballot = graph.get(sid);
  if (ballot === undefined || contradictions.ballots.has(sid)) return false;
  return ballot.envelope.q < (equivocations.get(ballot.device) ?? Number.POSITIVE_INFINITY);
}

/** V2, taint: every grant that the unit's place in the electorate rests on has fallen. */
function restsOnFallen(
  unit: string,
  r: Op,
  all: readonly Op[],
  fallen: ReadonlySet<Op>,
  { founders, graph }: Scales,
): boolean {
  const before = all.filter((g) => graph.saw(r, g) && g.tally?.target === unit);
  const isBannedStill = before.some((ban) => {
    if ((ban.x as ResolveX).a !== 'ban' || fallen.has(ban)) return false;
    const unbans = before.filter((g) => (g.x as ResolveX).a === 'unban' && graph.saw(g, ban));
    return unbans.length > 0 && unbans.every((g) => fallen.has(g));
  });
  if (isBannedStill) return true;
  if (founders.has(unit)) return false;
  const grants = before.filter(({ x }) => ['promote', 'addparty'].includes((x as ResolveX).a));
  return grants.length > 0 && grants.every((g) => fallen.has(g));
}

/** The unit that a resolution lets in or back, if it is such a one. */
function grantedUnit(g: Op): string | undefined {
  const { a } = g.x as ResolveX;
  return ['promote', 'addparty', 'unban'].includes(a) ? g.tally?.target : undefined;
}

/** V2, G: a grant counts if somebody other than r's target cast a clean ballot for it. */
function hasOtherVoter(unit: string, all: readonly Op[], r: Op, scales: Scales): boolean {
  return all.some(
    (g) =>
      g !== r &&
      grantedUnit(g) === unit &&
      !isBefore(scales.graph, g, r) &&
      [...(g.tally?.voted ?? [])].some(
        ([voter, ballots]) =>
          voter !== r.tally?.target && ballots.some((ballot) => isClean(ballot, scales)),
      ),
  );
}
