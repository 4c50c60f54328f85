import type { Graph } from '../graph.ts';
import type { Op } from '../op.ts';
import { isBefore } from './contradictions.ts';

/**
 * V7: whether concurrent removals of units that all stand leave half or less of the
 * electorate. Both removals hold; the one left over does not own the swarm (X4).
 */
export function isFrozenBy(graph: Graph, standing: readonly Op[]): boolean {
  const removals = standing.filter(({ tally }) => tally?.removes !== undefined);
  return removals.some((first) => {
    const group = [first];
    for (const other of removals) {
      if (other !== first && group.every((r) => !isBefore(graph, r, other))) group.push(other);
    }
    if (group.length < 2) return false;
    const electorate = first.tally?.electorate ?? [];
    const targets = new Set(group.map(({ tally }) => tally?.removes));
    const left = electorate.filter((unit) => !targets.has(unit)).length;
    return 2 * left <= electorate.length;
  });
}
