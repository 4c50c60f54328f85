import type { Graph } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import type { Leads } from './state.ts';

/** A list of leads that a party named, or began with; `op` says where, if not in the genesis. */
interface Naming {
  readonly m: readonly string[];
  readonly n: number;
  readonly op: Op | undefined;
}

/**
 * V11: leads are named by the party key alone, by number. Two different lists with one number
 * suspend the party until the next number knows both.
 */
export function leadsIn(
  parties: ReadonlyMap<string, { lead: string; leads: readonly { m: string; op: Op }[] }>,
  graph: Graph,
  ops: readonly Op[],
): Map<string, Leads> {
  return new Map(
    [...parties].map(([pfp, { lead, leads }]) => {
      const begun = leads.map(({ m, op }): Naming => ({ m: [m], n: 0, op }));
      const later = ops
        .filter(({ x }) => x['p'] === pfp)
        .map((op): Naming => ({ m: op.x['m'] as string[], n: op.x['n'] as number, op }));
      const own = [...(begun.length > 0 ? begun : [{ m: [lead], n: 0, op: undefined }]), ...later];
      // The highest number is shown; of two with one number the first in display order.
      const last = later.reduce((most, one) => (most.n >= one.n ? most : one), own[0] as Naming);
      return [pfp, { m: last.m, n: last.n, isSuspended: isSuspended(graph, own) }];
    }),
  );
}

function isSuspended(graph: Graph, own: readonly Naming[]): boolean {
  const knows = (next: Naming, one: Naming): boolean =>
    one.op === undefined || (next.op !== undefined && graph.isBefore(one.op, next.op));
  return own.some((a) =>
    own.some((b) => {
      if (a.n !== b.n || a.m.join() === b.m.join()) return false;
      return !own.some((next) => next.n === a.n + 1 && knows(next, a) && knows(next, b));
    }),
  );
}
