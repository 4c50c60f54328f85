import { motionOf } from '../votes/motion.ts';
import type { Removal } from './removal.ts';
import type { Resolution } from './resolution.ts';

/**
 * V7: the removals that froze a swarm. Standing removals of units, pairwise concurrent, that
 * together leave no more than half of the electorate that any of them was made by, unless a
 * reopening settled them that has all of them in its past. Empty if it is not frozen.
 */
export function conflictsOf<S>(view: Resolution<S>): readonly Removal[] {
  const { graph, law } = view.swarm;
  const removing = view.removals.flatMap((removal) => {
    if (removal.sort === 'voluntary') return [];
    const before = view.swarm.before(removal.op);
    const units = law.unitsRemoved(before, removal);
    return units.length === 0 ? [] : [{ removal, units, electorate: law.electorate(before) }];
  });
  const isBeside = (a: Removal, b: Removal): boolean => graph.isConcurrent(a.op, b.op);
  const reopenings = view
    .of('resolve')
    .filter((op) => motionOf(op).a === 'reopen' && view.stands.has(op.sid));
  const freezing = grow(removing, (a, b) => isBeside(a.removal, b.removal)).filter((clique) => {
    const isSettled = reopenings.some((op) =>
      clique.every(({ removal }) => graph.isBefore(removal.op, op)),
    );
    return !isSettled && clique.some(({ electorate }) => isHalved(clique, electorate));
  });
  return [...new Set(freezing.flatMap((clique) => clique.map(({ removal }) => removal)))];
}

function isHalved(
  clique: readonly { units: readonly string[] }[],
  electorate: ReadonlyMap<string, unknown>,
): boolean {
  const gone = new Set(clique.flatMap(({ units }) => units));
  return 2 * [...electorate.keys()].filter((unit) => !gone.has(unit)).length <= electorate.size;
}

/** Sets of at least two that are pairwise beside each other. */
function grow<T>(all: readonly T[], isBeside: (a: T, b: T) => boolean): T[][] {
  let sets = all.map((one) => [one]);
  const found: T[][] = [];
  while (sets.length > 0 && found.length < 4096) {
    sets = sets.flatMap((set) => {
      const from = all.indexOf(set.at(-1) as T) + 1;
      const more = all.slice(from).filter((one) => set.every((other) => isBeside(one, other)));
      return more.map((one) => [...set, one]);
    });
    found.push(...sets);
  }
  return found;
}
