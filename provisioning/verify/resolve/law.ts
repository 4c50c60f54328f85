import type { Threshold } from '../identity/founding.ts';
import type { Op } from '../graph/op.ts';
import type { Seen } from '../graph/seen.ts';
import type { Electorate } from '../votes/threshold.ts';
import type { Motion } from '../votes/motion.ts';
import type { Author, Removal } from './removal.ts';
import type { Resolution } from './resolution.ts';

/** A set of commits, closed below: what is known of the swarm, and of the mission above it. */
export interface Known {
  readonly seen: Seen;
  readonly above: Seen;
}

/** What differs between the mission and a conversation. `S` is the state Resolve makes. */
export interface Law<S> {
  /** Whose device it is, or nothing if the set does not say. */
  author(known: Known, ops: readonly Op[]): (device: string) => Author | undefined;
  /** Who votes in a state, from now on. */
  electorate(view: Resolution<S>): Electorate;
  /** Who must carry a motion: one electorate, or for a reopening each that conflicting removals had. */
  electorates(view: Resolution<S>, motion: Motion): readonly Electorate[];
  /** What a motion takes, by what is so before it is carried (README, "Actions voted"). */
  threshold(before: Resolution<S>, motion: Motion): Threshold;
  /** The unit an author votes for. */
  unit(author: Author): string;
  /** The unit that a motion is about. */
  targetUnit(resolution: Resolution<S>, motion: Motion): string | undefined;
  /** Removals that come with no vote. */
  departure(op: Op, author: Author): Removal['subject'] | undefined;
  /** Whether an operation needs what a demotion takes away. */
  needsAdmin(view: Resolution<S>, op: Op): boolean;
  /** What a commit's standing rests on: of every group at least one must have effect. */
  grounds(view: Resolution<S>, op: Op, author: Author): readonly (readonly Op[])[];
  /** Grants that a unit's place in an electorate rests on alone (V2, tainted). */
  grantsOf(view: Resolution<S>, unit: string): readonly Op[];
  /** The units that a removal takes out of an electorate (V7). */
  unitsRemoved(view: Resolution<S>, removal: Removal): readonly string[];
  /** People whose place is in doubt, so that what they wrote has no effect (J6). */
  inDoubt(view: Resolution<S>): ReadonlySet<string>;
  /** Steps 5–8. */
  state(resolution: Resolution<S>): S;
}
