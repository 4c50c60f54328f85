import type { Op } from '../op.ts';
import { unlifted } from '../removal.ts';
import type { SwarmState } from '../swarm-state.ts';
import { isBehindCut } from './cut.ts';
import { isPartySubject, subjectsOf } from './subjects.ts';
import type { Setting } from './setting.ts';

/**
 * R14: whether a commit is by somebody removed in this state and unknown to the removal, so
 * that nobody who knows may build on it. Once lifted, a removal bars nothing any more: who
 * was taken back continues the own chain, hidden parts of it included. What a departure
 * leaves in effect (V5) may be built on: else it would be in everybody's state and in nobody's
 * past, and no honest epoch could ever name it.
 */
export function barred<S extends SwarmState>(
  { above, graph }: Setting<S>,
  state: S,
  ops: () => readonly Op[],
  op: Op,
): boolean {
  return subjectsOf(op.author).some((key) => {
    const here = unlifted(state.removals, key).some(({ by, kind }) => {
      const removal = graph.get(by);
      if (kind === 'left' && op.envelope.k !== 'msg') return false;
      return removal !== undefined && removal !== op && !graph.saw(removal, op);
    });
    if (here || above === undefined) return here;
    return unlifted(above.state.removals, key).some(({ by, kind }) => {
      if (kind === 'left' && op.envelope.k !== 'msg') return false;
      return isBehindCut(graph, ops(), above, by, op, isPartySubject(key));
    });
  });
}
