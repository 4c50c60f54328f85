import { expect, test } from 'vitest';
import { Graph } from '#protocol/state/graph.ts';
import type { Op } from '#protocol/state/op.ts';

/** A graph in which a commit is its name, its device's letter and its place in that chain. */
function growing() {
  const graph = new Graph();
  const add = (sid: string, d: string, parents: readonly Op[], previous?: Op): Op => {
    const { forks, frontier, tips } = graph.causes(parents);
    const q = previous === undefined ? 0 : previous.envelope.q + 1;
    return graph.insert({
      ...{
        index: -1,
        sid,
        oid: sid,
        device: graph.deviceNumber(d),
        parents,
        tips,
        forks,
        frontier,
      },
      ...{ significant: true, mission: [], x: undefined, generation: 0 },
      ...(previous && { previous }),
      author: { device: d, member: d, party: d },
      envelope: { v: 1, d, q, l: 1, ps: parents.map((parent) => parent.sid), th: '', k: 'merge' },
    });
  };
  return { graph, add };
}

function orders<T>(of: readonly T[]): T[][] {
  if (of.length < 2) return [[...of]];
  return of.flatMap((one, i) =>
    orders(of.filter((_, at) => at !== i)).map((rest) => [one, ...rest]),
  );
}

test('a set has all branches of a device that contradicted itself, in whatever order its heads are named (§9.2, step 0)', () => {
  const { add, graph } = growing();
  const genesis = add('genesis', 'a', []);
  const first = add('d0', 'd', [genesis]);
  const alone = add('d1 alone', 'd', [first], first);
  const one = add('d1', 'd', [first], first);
  const left = add('d2 left', 'd', [one], one);
  const right = add('d2 right', 'd', [one], one);
  const both = add('b0', 'b', [left, right]);
  const other = add('c0', 'c', [one]);
  for (const heads of orders([alone, both, other])) {
    const { forks } = graph.causes(heads);
    const tips = forks.get(first.device)?.map(({ sid }) => sid);
    expect(tips?.toSorted(), heads.map(({ sid }) => sid).join()).toEqual([
      'd1 alone',
      'd2 left',
      'd2 right',
    ]);
  }
  const last = add('a1', 'a', [alone, both, other], genesis);
  for (const op of [alone, one, left, right]) expect(graph.saw(last, op), op.sid).toBe(true);
});
