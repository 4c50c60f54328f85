import type { Graph } from '../graph.ts';
import type { ResolveX } from '../kinds/resolve.ts';
import type { Op } from '../op.ts';
import { isBefore } from './contradictions.ts';

/**
 * V7: concurrent removals of units that all stand and together leave half or less of the
 * electorate. They hold; the one left over does not own the swarm (X4). Those that a standing
 * reopening knew together are settled by it. By sid, sorted.
 */
export function conflictsIn(graph: Graph, standing: readonly Op[]): string[] {
  const removals = standing.filter(({ tally }) => tally?.removes !== undefined);
  const reopenings = standing.filter(({ x }) => (x as ResolveX).a === 'reopen');
  const found = new Set<string>();
  for (const first of removals) {
    const group = [first];
    for (const other of removals) {
      if (other !== first && group.every((r) => !isBefore(graph, r, other))) group.push(other);
    }
    const isSettled = reopenings.some((reopening) => group.every((r) => graph.saw(reopening, r)));
    if (group.length < 2 || isSettled || !isHalved(group)) continue;
    for (const { sid } of group) found.add(sid);
  }
  return [...found].sort();
}

function isHalved(group: readonly Op[]): boolean {
  const electorate = group[0]?.tally?.electorate ?? [];
  const targets = new Set(group.map(({ tally }) => tally?.removes));
  return 2 * electorate.filter((unit) => !targets.has(unit)).length <= electorate.length;
}
