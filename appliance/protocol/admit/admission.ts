import type { GitObject } from '../pack/object.ts';

/** What became of a batch. */
export interface Admission {
  /** Commits that are known now, in order; also those that were known before. */
  ok: string[];
  /** Commits that were refused, with the rule. */
  no: [sid: string, rule: string][];
  /** Valid so far as can be judged, but waiting for commits of the mission (M3). */
  parked: string[];
  /** What must come first: git names of parents, sids of mission commits, tree hashes of blobs. */
  missing: { parents: string[]; mission: string[]; blobs: string[] };
  /** Trees and blobs that are new with `ok`, contents first: what to store beside the commits. */
  objects: GitObject[];
}

/** Nothing yet. */
export function emptyAdmission(): Admission {
  return {
    ok: [],
    no: [],
    parked: [],
    missing: { parents: [], mission: [], blobs: [] },
    objects: [],
  };
}
