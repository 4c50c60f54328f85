import type { Engine } from '../ports.ts';
import type { Verdict } from '../verdict.ts';
import type { Said } from './actions/action.ts';
import type { Act, Scene } from './kind.ts';
import type { ResolveX } from './kinds/resolve.ts';
import type { Motion, SwarmState } from './swarm-state.ts';
import type { Threshold } from '../mission/charter.ts';

/** Who votes about what in one sort of swarm; the rules of voting themselves are shared. */
export interface Chamber<S extends SwarmState> {
  /** Voting units, removed ones left out (R27, V11). */
  units(scene: Scene<S>, about?: Motion): readonly string[];
  /** Members who vote for a unit. */
  voters(scene: Scene<S>, unit: string, about?: Motion): readonly string[];
  /** The unit that a member votes for. */
  unitOf(scene: Scene<S>, member: string, about?: Motion): string | undefined;
  /** Whether a unit is a member (`unit=member`) and not a party. */
  perMember(state: S): boolean;
  /** The unit that a motion is against, if it is. */
  targetUnit(scene: Scene<S>, motion: Motion): string | undefined;
  /** The unit that leaves the electorate if the motion is carried (V7). */
  removes(scene: Scene<S>, motion: Motion): string | undefined;
  threshold(state: S, action: string): Threshold;
  /** Whether the target is in a status to which the action applies, and not the author's own (R25). */
  applies(scene: Scene<S>, said: Said): Verdict;
  /** Whether these units carry it, if something else than the threshold decides that (V7). */
  suffices?(scene: Scene<S>, said: Said, voted: ReadonlySet<string>): boolean | undefined;
  /** What a resolution must bring along beside the votes, and its signatures. */
  complete?(scene: Scene<S>, said: Said): Verdict;
  prove?(engine: Engine, scene: Scene<S>, said: Said): Promise<Verdict>;
  /** What a resolution that stands does. */
  carry(state: S, act: Act, resolution: ResolveX): S;
}
