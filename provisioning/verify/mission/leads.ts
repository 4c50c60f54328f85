import type { Graph } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import type { Leads } from './state.ts';

/**
 * V11: leads are named by the party key alone, by number. Two different lists with one number
 * suspend the party until the next number knows both.
 */
export function leadsIn(
  parties: ReadonlyMap<string, { lead: string }>,
  graph: Graph,
  ops: readonly Op[],
): Map<string, Leads> {
  return new Map(
    [...parties].map(([pfp, { lead }]) => {
      const own = ops.filter(({ x }) => x['p'] === pfp);
      const last = own.reduce<Op | undefined>(
        (most, op) => (most && number(most) > number(op) ? most : op),
        undefined,
      );
      const leads = {
        m: last === undefined ? [lead] : (last.x['m'] as string[]),
        n: last === undefined ? 0 : number(last),
        isSuspended: isSuspended(graph, own),
      };
      return [pfp, leads];
    }),
  );
}

function isSuspended(graph: Graph, own: readonly Op[]): boolean {
  return own.some((a) =>
    own.some((b) => {
      if (number(a) !== number(b) || list(a) === list(b)) return false;
      return !own.some(
        (next) =>
          number(next) === number(a) + 1 && graph.isBefore(a, next) && graph.isBefore(b, next),
      );
    }),
  );
}

function number({ x }: Op): number {
  return x['n'] as number;
}

function list({ x }: Op): string {
  return (x['m'] as string[]).join();
}
