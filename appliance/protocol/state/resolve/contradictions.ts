import type { Graph } from '../graph.ts';
import type { ResolveX } from '../kinds/resolve.ts';
import type { Op } from '../op.ts';
import { motionKey, type Contradiction } from '../swarm-state.ts';

/** Votes of one unit for two things at once (V1). */
export interface Contradictions {
  /** By unit, each with the resolutions that show it. */
  found: readonly Contradiction[];
  /** The ballots, by sid. */
  ballots: ReadonlySet<string>;
}

/**
 * V1: concurrent ballots of one unit for different motions, listed in concurrent
 * resolutions. Judged by unit, so it reaches a fresh device on an old parent (X2).
 */
export function contradictions(graph: Graph, resolutions: readonly Op[]): Contradictions {
  const found: Contradiction[] = [];
  const ballots = new Set<string>();
  for (const [i, a] of resolutions.entries()) {
    for (const b of resolutions.slice(i + 1)) {
      if (isBefore(graph, a, b) || motionKey(a.x as ResolveX) === motionKey(b.x as ResolveX))
        continue;
      for (const [unit, left] of a.tally?.voted ?? []) {
        const pairs = clashing(graph, left, b.tally?.voted.get(unit) ?? []);
        if (pairs.length > 0) found.push({ unit, shownBy: [a.sid, b.sid] });
        for (const [v, w] of pairs) ballots.add(v).add(w);
      }
    }
  }
  return { found, ballots };
}

function clashing(
  graph: Graph,
  left: readonly string[],
  right: readonly string[],
): [string, string][] {
  return left.flatMap((v) =>
    right
      .filter((w) => {
        const a = graph.get(v);
        const b = graph.get(w);
        return a !== undefined && b !== undefined && a !== b && !isBefore(graph, a, b);
      })
      .map((w): [string, string] => [v, w]),
  );
}

/** Whether one of two commits lies in the past of the other. */
export function isBefore(graph: Graph, a: Op, b: Op): boolean {
  return graph.saw(b, a) || graph.saw(a, b);
}
