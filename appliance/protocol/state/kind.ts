import type { Guard } from '../codec/shape.ts';
import type { Engine } from '../ports.ts';
import type { Verdict } from '../verdict.ts';
import type { Graph } from './graph.ts';
import type { MissionState } from './mission-state.ts';
import type { Author, Op, Tally } from './op.ts';
import type { SwarmState } from './swarm-state.ts';

/** What a rule may look at: the commit and its own past, nothing else (SWARM §6). */
export interface Scene<S extends SwarmState> {
  readonly cid: string;
  readonly op: Op;
  /** `St(past(c))`; in a child swarm with the mission at M(c). */
  readonly state: S;
  /** `St_m(M(c))`; in the mission swarm the same as `state`. */
  readonly mission: MissionState;
  readonly graph: Graph;
  /** Whether a commit lies in the past. */
  readonly saw: (sid: string) => boolean;
}

/** What a transform may look at. */
export interface Act {
  readonly op: Op;
  readonly saw: (sid: string) => boolean;
  /** Whether the author knew a mission commit, M(c). */
  readonly knows: (sid: string) => boolean;
  /** In a child swarm the mission that its state is intersected with. */
  readonly mission?: MissionState;
}

/** One kind of control commit: its form, its rules, its effect. */
export interface Kind<S extends SwarmState, X = never> {
  /** Form of `x` (R5). Absent: the kind has no `x`. */
  readonly shape?: Guard<X>;
  /** The rules of the kind, in the past of the commit. */
  check(scene: Scene<S>, x: X): Verdict;
  /** Signatures that `x` carries, beside the commit's own. Costs most, so comes last. */
  prove?(engine: Engine, scene: Scene<S>, x: X): Promise<Verdict>;
  /** The author that `x` itself introduces, if the past does not know the device (R16). */
  introduces?(x: X, mission: MissionState): Author | undefined;
  /** What a resolution counted, for V2. */
  tally?(scene: Scene<S>, x: X): Tally | undefined;
  /** The effect; void, so the state unchanged, if a precondition does not hold any more. */
  apply(state: S, act: Act, x: X): S;
  /** Whether it changes what earlier commits are worth, so that the set must be resolved anew. */
  isRetroactive?(state: S, x: X): boolean;
  /** What stays known even if the commit is void: keys given away, resolutions written (K11, V9). */
  trace?(state: S, act: Act, x: X): S;
}

/** A kind with its own type of `x` hidden, as the tables hold it: `shape` guards the door. */
export type AnyKind<S extends SwarmState> = Kind<S, unknown>;

/** Hides the type of `x`. Safe because an op gets its `x` only through the same kind's `shape`. */
export function kind<S extends SwarmState, X = undefined>(definition: Kind<S, X>): AnyKind<S> {
  return definition as unknown as AnyKind<S>;
}
