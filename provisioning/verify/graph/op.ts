import type { Commit } from '../commit/commit.ts';
import type { JsonObject } from '../bytes/canonical-json.ts';
import type { Seen } from './seen.ts';

/** A commit in its place among the others. */
export interface Op {
  readonly commit: Commit;
  readonly sid: string;
  readonly d: string;
  readonly q: number;
  readonly l: number;
  readonly k: string;
  readonly x: JsonObject;
  readonly parents: readonly Op[];
  readonly previous: Op | undefined;
  /** A run of commits of one device, each above the one before; a fork begins another. */
  readonly lane: number;
  readonly place: number;
  /** past(c): strict ancestors. */
  readonly past: Seen;
  /** M(c): what a commit of a conversation knows of the mission, its own `mh` included (M2). */
  readonly above: Seen;
  /** Whether two commits of its device have its number. */
  isTwin: boolean;
}

/** Display order: by height, ties by identity; a linear extension of causality (§9.4). */
export function inOrder(a: Op, b: Op): number {
  return a.l - b.l || (a.sid < b.sid ? -1 : a.sid > b.sid ? 1 : 0);
}
