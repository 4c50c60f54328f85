import { inOrder, type Op } from '../state/op.ts';
import type { Reason } from '../state/resolve/excluded.ts';
import type { SwarmState } from '../state/swarm-state.ts';
import type { Swarm } from './swarm.ts';

/** Commits in display order (§9.4), and those without effect with the reason (C9). */
export interface Visible {
  shown: readonly Op[];
  hidden: readonly { op: Op; reason: Reason }[];
}

function hasDemotions<S extends SwarmState>(
  swarm: Swarm<S>,
  state: S,
  missionHeads: readonly Op[],
): boolean {
  const demotions = swarm.setting(swarm.above(missionHeads)).demotionsOf(state);
  return [...demotions.values()].some((by) => by.length > 0);
}

/** Judges every commit of a set. Costs one pass only where somebody was ever removed. */
export function visible<S extends SwarmState>(
  swarm: Swarm<S>,
  ops: Iterable<Op>,
  heads: readonly Op[],
  missionHeads: readonly Op[],
): Visible {
  const sorted = [...ops].sort(inOrder);
  const set = swarm.graph.causes(heads);
  const view = swarm.view(set, missionHeads);
  const { fallen, removals } = view.state;
  const { pendingClaims, removals: above } = view.mission;
  const isQuiet = removals.size + above.size + fallen.length + pendingClaims.length === 0;
  if (isQuiet && !hasDemotions(swarm, view.state, missionHeads)) {
    return { shown: sorted, hidden: [] };
  }
  const judge = swarm.judge(view, set, missionHeads);
  const shown: Op[] = [];
  const hidden: { op: Op; reason: Reason }[] = [];
  for (const op of sorted) {
    const reason = op.parents.length === 0 ? undefined : judge(op);
    if (reason === undefined) shown.push(op);
    else hidden.push({ op, reason });
  }
  return { shown, hidden };
}
