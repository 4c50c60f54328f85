import type { Envelope } from '../codec/commit-form.ts';
import type { Threshold } from '../mission/charter.ts';

/** Who wrote a commit, as the certificates in its past say (R16). */
export interface Author {
  device: string;
  member: string;
  party: string;
}

/** A commit in its place in one swarm's graph: what rules and Resolve work with. */
export interface Op {
  /** Place in the order of admission; -1 while it is only a candidate. */
  readonly index: number;
  /** Identity (B1); empty while the commit is a draft that nobody has signed. */
  readonly sid: string;
  readonly oid: string;
  readonly envelope: Envelope;
  /** Number of the writing device within the graph. */
  readonly device: number;
  readonly parents: readonly Op[];
  /** The device's own commit before this one. */
  readonly previous?: Op;
  /** Per device number: 1 + index of the device's newest commit in the past, 0 for none. */
  readonly tips: Int32Array;
  /** Devices with contradicting branches in the past: the tips of all branches. */
  readonly forks: ReadonlyMap<number, readonly Op[]>;
  /** Whether control state can depend on it: a control commit, or one that learned of the mission. */
  readonly significant: boolean;
  /** Maximal significant commits of the past. */
  readonly frontier: readonly Op[];
  /** Maximal mission commits known with it, M(c); empty in the mission swarm itself (M2). */
  readonly mission: readonly Op[];
  /** `x`, after its kind has checked the form. */
  readonly x: unknown;
  readonly author: Author;
  /** Highest generation of an epoch this device has written under (K12). */
  readonly generation: number;
  /** For `resolve`: what R26 counted, remembered for V2. */
  readonly tally?: Tally;
  /** For `vote`: cast as an admin, so that it falls with what made the author one (C5). */
  readonly isByGrant?: true;
}

/** Voting units as they were in the past of a resolution. */
export interface Tally {
  /** All units, the target's included (R27). */
  electorate: readonly string[];
  /** What the action needed then (V10). */
  threshold: Threshold;
  /** Unit of the target, if it has one. */
  target?: string;
  /** Unit that is no unit any more once this is carried out (V7). */
  removes?: string;
  /** Units whose listed ballots carried the resolution, with those ballots. */
  voted: ReadonlyMap<string, readonly string[]>;
}

/** Display order (SWARM §9.4), which is also the topological order of the walk. */
export function inOrder(a: Op, b: Op): number {
  if (a.envelope.l !== b.envelope.l) return a.envelope.l - b.envelope.l;
  return a.sid < b.sid ? -1 : a.sid > b.sid ? 1 : 0;
}
