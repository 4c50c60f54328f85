import type { Act } from '../kind.ts';
import { inOrder, type Op } from '../op.ts';
import type { SwarmState } from '../swarm-state.ts';
import { contradictions } from './contradictions.ts';
import { equivocations } from './equivocations.ts';
import { excluded, isBanned, type Findings } from './excluded.ts';
import { conflictsIn } from './freeze.ts';
import { demotionsIn, removalsIn } from './removals.ts';
import type { Setting } from './setting.ts';
import { standing } from './standing.ts';

/** A set: its significant commits, closed under parents, and its forked devices' branches. */
export interface CommitSet {
  ops: readonly Op[];
  forks: ReadonlyMap<number, readonly Op[]>;
}

/**
 * Resolve(S) of SWARM §9.2, steps 0–8 as amended by V1–V7: a pure function of the set.
 * The first commit in order is the genesis.
 */
export function resolve<S extends SwarmState>(setting: Setting<S>, set: CommitSet): S {
  const { graph } = setting;
  const ops = set.ops.toSorted(inOrder);
  const [genesis, ...rest] = ops;
  if (genesis === undefined) throw new Error('a set without a genesis has no state');
  const begun = setting.begin(actOf(setting, genesis));
  const resolutions = ops.filter((op) => op.envelope.k === 'resolve');
  const found = contradictions(graph, resolutions);
  const stands = standing(resolutions, {
    graph,
    contradictions: found,
    equivocations: equivocations(set.forks),
    founders: setting.founders(begun),
  });
  const fallen = resolutions.filter((r) => !stands.has(r.sid)).map((r) => r.sid);
  const findings: Findings = {
    ops: () => ops,
    removals: removalsIn(ops, stands),
    demotions: demotionsIn(ops, stands),
  };
  const conflicts = conflictsIn(
    graph,
    resolutions.filter((r) => stands.has(r.sid)),
  );
  const start = setting.prepare?.(begun, ops, (op) => isBanned(setting, findings, op)) ?? begun;
  let state: S = {
    ...start,
    fallen: fallen.sort(),
    contradictions: found.found,
    conflicts,
    isFrozen: conflicts.length > 0,
  };
  for (const op of rest) state = walk(setting, findings, state, op);
  return state;
}

/** The state after one commit more that knows the whole set: what Resolve of both would give. */
export function extend<S extends SwarmState>(setting: Setting<S>, state: S, op: Op): S {
  return effect(setting, state, op);
}

/** Step 5: one commit of the walk. Removals act even if their author is excluded. */
function walk<S extends SwarmState>(setting: Setting<S>, findings: Findings, state: S, op: Op): S {
  const isRemoval = ['leave', 'devrev', 'withdraw'].includes(op.envelope.k);
  const reason = isRemoval ? undefined : excluded(setting, findings, state, op);
  return reason === undefined ? effect(setting, state, op) : trace(setting, state, op);
}

function effect<S extends SwarmState>(setting: Setting<S>, state: S, op: Op): S {
  const kind = setting.kinds.get(op.envelope.k);
  if (kind === undefined) return state;
  const traced = trace(setting, state, op);
  return kind.apply(traced, actOf(setting, op), op.x);
}

function trace<S extends SwarmState>(setting: Setting<S>, state: S, op: Op): S {
  const kind = setting.kinds.get(op.envelope.k);
  return kind?.trace?.(state, actOf(setting, op), op.x) ?? state;
}

function actOf<S extends SwarmState>({ above, graph }: Setting<S>, op: Op): Act {
  return {
    op,
    saw: (sid) => {
      const other = graph.get(sid);
      return other !== undefined && graph.saw(op, other);
    },
    knows: (sid) => above?.knows(op, sid) ?? false,
    ...(above && { mission: above.state }),
  };
}
