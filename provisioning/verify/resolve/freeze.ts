import type { Op } from '../graph/op.ts';
import type { Removal } from './removal.ts';
import type { Resolution } from './resolution.ts';

/**
 * V7: whether standing removals of units, pairwise concurrent, together leave no more than half of
 * the electorate that any of them was made by.
 */
export function isFrozen<S>(view: Resolution<S>): boolean {
  const { graph, law } = view.swarm;
  const removing = view.removals.flatMap((removal) => {
    if (removal.sort === 'voluntary') return [];
    const before = view.swarm.before(removal.op);
    const units = law.unitsRemoved(before, removal);
    return units.length === 0 ? [] : [{ removal, units, electorate: law.electorate(before) }];
  });
  const isBeside = (a: Removal, b: Removal): boolean => graph.isConcurrent(a.op, b.op);
  const cliques = grow(removing, (a, b) => isBeside(a.removal, b.removal));
  return cliques.some((clique) =>
    clique.some(({ electorate }) => {
      const gone = new Set(clique.flatMap(({ units }) => units));
      const rest = [...electorate.keys()].filter((unit) => !gone.has(unit));
      return 2 * rest.length <= electorate.size;
    }),
  );
}

/** Sets of at least two that are pairwise beside each other; none that is part of a larger one. */
function grow<T>(all: readonly T[], isBeside: (a: T, b: T) => boolean): T[][] {
  let sets = all.map((one) => [one]);
  const found: T[][] = [];
  while (sets.length > 0 && found.length < 4096) {
    sets = sets.flatMap((set) => {
      const from = all.indexOf(set.at(-1) as T) + 1;
      return all
        .slice(from)
        .flatMap((one) => (set.every((other) => isBeside(one, other)) ? [[...set, one]] : []));
    });
    found.push(...sets);
  }
  return found;
}

/** The commits of a list, by identity. */
export function sids(ops: readonly Op[]): string[] {
  return ops.map(({ sid }) => sid).sort();
}
