import { accepted, refused } from '../../verdict.ts';
import { kind, type AnyKind } from '../kind.ts';
import type { SwarmState } from '../swarm-state.ts';

/** Joins heads; there is nothing to choose (R32, SWARM §9.5). */
export function mergeKind<S extends SwarmState>(): AnyKind<S> {
  return kind<S>({
    check: ({ op }) =>
      op.parents.length >= 2 ? accepted : refused('R32', 'a merge has at least two parents'),
    apply: (state) => state,
  });
}
