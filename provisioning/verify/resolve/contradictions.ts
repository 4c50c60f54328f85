import type { Graph } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { motionKey, motionOf } from '../votes/motion.ts';

/** Two ballots of one unit that cannot both be meant (V1). */
export interface Contradiction {
  readonly unit: string;
  readonly ballots: readonly [Op, Op];
  readonly resolutions: readonly [Op, Op];
}

/** The ballots a resolution lists. */
export function listed(graph: Graph, resolution: Op): Op[] {
  return (resolution.x['votes'] as string[]).flatMap((sid) => graph.bySid.get(sid) ?? []);
}

/**
 * V1: concurrent ballots of one unit about different motions, listed in concurrent resolutions.
 * Device equivocation is the other form of contradiction, and is judged by `forkedFrom`.
 */
export function contradictions(
  graph: Graph,
  resolutions: readonly Op[],
  unitOf: (ballot: Op) => string | undefined,
): Contradiction[] {
  return resolutions.flatMap((r, i) =>
    resolutions.slice(i + 1).flatMap((other) => {
      if (motionKey(motionOf(r)) === motionKey(motionOf(other))) return [];
      if (!graph.isConcurrent(r, other)) return [];
      return listed(graph, r).flatMap((a) =>
        listed(graph, other).flatMap((b): Contradiction[] => {
          const unit = unitOf(a);
          if (unit === undefined || unit !== unitOf(b) || !graph.isConcurrent(a, b)) return [];
          return [{ unit, ballots: [a, b], resolutions: [r, other] }];
        }),
      );
    }),
  );
}
