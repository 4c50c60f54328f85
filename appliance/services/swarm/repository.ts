import type { GitObject } from '#protocol/pack/object.ts';

/** The objects and refs of one swarm. What a promise has resolved for survives a power cut. */
export interface Repository {
  /** The object of that name; undefined when it is not here. */
  read(oid: string): Promise<GitObject | undefined>;
  /** Stores all of them; those that are here already are left alone. */
  write(objects: readonly GitObject[]): Promise<void>;
  /** Every ref below `refs/swarm/`: full name → commit. */
  refs(): Promise<Map<string, string>>;
  /**
   * Moves a ref from one commit to another (`from` undefined: creates it). False, and nothing
   * changed, when it was elsewhere: two writers can never overwrite each other's step.
   */
  move(ref: string, from: string | undefined, to: string): Promise<boolean>;
  /** Points `main`, the branch a stock clone checks out, at a commit. A convenience, never input. */
  show(oid: string): Promise<void>;
}

/** The repositories of a mission, one for each swarm. */
export interface Repositories {
  /** Clears away what an interrupted write left behind; for the start, when nobody writes. */
  recover(): Promise<void>;
  /** The swarms that have a repository, sorted. */
  list(): Promise<string[]>;
  /** Opens a swarm's repository. One that does not exist is made, whole or not at all, by the first write. */
  open(cid: string): Promise<Repository>;
}
