import type { Op } from '../graph/op.ts';

/** Whose removal it is. */
export interface Subject {
  readonly c: 'party' | 'member' | 'device';
  readonly u: string;
}

/** An author: device, person, party. */
export interface Author {
  readonly device: string;
  readonly member: string;
  readonly party: string;
}

/** Something that takes a subject, or an admin's standing, away (step 3). */
export interface Removal {
  readonly op: Op;
  readonly subject: Subject;
  /** `voluntary`: leave, devrev, withdraw and a party's removal of its own people (V5). */
  readonly sort: 'ban' | 'demote' | 'voluntary';
  /** What took it back, knowing of it. */
  lifts: readonly Op[];
}

/** Whether an author is, or belongs to, the subject. */
export function concerns({ c, u }: Subject, author: Author): boolean {
  return author[c] === u;
}

/** Why a commit is kept but without effect (protocol README, "Status"). */
export type Reason = 'removed' | 'removed-in-mission' | 'demoted' | 'no-standing' | 'fell';

/** Kinds that decide something; they may always be attached (V8). */
export const decisions: readonly string[] = ['vote', 'resolve', 'leave', 'devrev', 'withdraw'];

/** Whether a departure of the own will, not known to a commit, hides it: posts only (V5, C7). */
export function isContent(k: string): boolean {
  return k === 'msg';
}
