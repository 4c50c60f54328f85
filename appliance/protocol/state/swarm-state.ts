import type { Removals } from './removal.ts';

/** What a vote is about: action, class and target, bound to what was decided before (V9). */
export interface Motion {
  readonly a: string;
  readonly c: string;
  readonly u: string;
  readonly basis: readonly string[];
}

/** A ballot about a motion that nobody withdrew (R25). */
export interface Ballot {
  readonly by: string;
  readonly motion: Motion;
  readonly member: string;
  readonly unit: string;
  readonly device: string;
  readonly q: number;
  /** Said against it: kept and shown, never counted. */
  readonly isAgainst?: true;
}

/** Two resolutions for which one unit voted at once (V1). */
export interface Contradiction {
  readonly unit: string;
  /** The resolutions, by `sid`. */
  readonly shownBy: readonly [string, string];
}

/** What mission and child swarm have in common. Plain data; equal sets give equal states (G3). */
export interface SwarmState {
  readonly removals: Removals;
  /** Open ballots by sid. */
  readonly ballots: ReadonlyMap<string, Ballot>;
  /** Per target: maximal resolutions about it, the basis of the next vote (V9). */
  readonly decided: ReadonlyMap<string, readonly string[]>;
  /** Resolutions that close the swarm (V13). */
  readonly closed: readonly string[];
  /** Resolutions that do not stand (V2), sorted. */
  readonly fallen: readonly string[];
  /** Units that voted for two things at once, and where it shows; forgiven ones are left out (V3). */
  readonly contradictions: readonly Contradiction[];
  /** Whether removals that exclude each other left half or less of their electorate (V7). */
  readonly isFrozen: boolean;
  /** Those removals, resolutions by sid, sorted. */
  readonly conflicts: readonly string[];
}

/** A state in which nothing has happened. */
export const nothingYet: SwarmState = {
  removals: new Map(),
  ballots: new Map(),
  decided: new Map(),
  closed: [],
  fallen: [],
  contradictions: [],
  isFrozen: false,
  conflicts: [],
};

/** Units that may not vote until reinstated (V3), sorted. */
export function contradictingUnits({ contradictions }: SwarmState): string[] {
  return [...new Set(contradictions.map(({ unit }) => unit))].sort();
}

/**
 * V3: without the contradictions of a unit that a reinstatement knew. One that comes to light
 * later stays: else a decision kept back would be forgiven by those who had not seen it.
 */
export function withoutKnown(
  contradictions: readonly Contradiction[],
  unit: string,
  saw: (sid: string) => boolean,
): readonly Contradiction[] {
  return contradictions.filter((held) => held.unit !== unit || !held.shownBy.every(saw));
}

/** Key of a motion; equal motions are one motion (C8). */
export function motionKey({ a, c, u, basis }: Motion): string {
  return [a, c, u, ...basis].join(' ');
}

/** Key of what a motion is about; decisions about one target exclude each other. */
export function targetKey({ c, u }: Pick<Motion, 'c' | 'u'>): string {
  return `${c} ${u}`;
}
