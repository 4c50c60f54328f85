import type { Chamber } from '../chamber.ts';
import type { Graph } from '../graph.ts';
import type { Act } from '../kind.ts';
import type { Kinds } from '../kinds/table.ts';
import type { MissionState } from '../mission-state.ts';
import type { Op } from '../op.ts';
import type { SwarmState } from '../swarm-state.ts';

/** What Resolve must know about the sort of swarm it works in. */
export interface Setting<S extends SwarmState> {
  readonly graph: Graph;
  readonly kinds: Kinds<S>;
  readonly chamber: Chamber<S>;
  /** State right after the genesis. */
  begin(act: Act): S;
  /** What the whole set says about the state to begin with, beside the genesis (J6). */
  prepare?(state: S, ops: readonly Op[], isVoid: (op: Op) => boolean): S;
  /** Mission removals that Resolve must take into account (M5); none in the mission swarm. */
  readonly above: Above | undefined;
  /** Whether the operation the author's standing rests on is there (step 4, last line). */
  hasStanding(state: S, op: Op): boolean;
  /** Whether only an admin may write this. */
  needsAdmin(state: S, op: Op): boolean;
  /** Demotions by member, lifted ones included. */
  demotionsOf(state: S): ReadonlyMap<string, readonly string[]>;
  /** Units that need no grant, being founders (V2). */
  founders(state: S): ReadonlySet<string>;
}

/** The mission as a child swarm sees it. */
export interface Above {
  readonly state: MissionState;
  /** Whether a commit's author knew a mission commit: M(c). */
  knows(op: Op, missionSid: string): boolean;
}

/** Devices that contradicted themselves in a set, with the first sequence number in doubt. */
export type Equivocations = ReadonlyMap<number, number>;
