import type { Op } from '../graph/op.ts';

/** Kinds that are valid only above a standing close. */
export const endKinds: readonly string[] = ['final', 'agree', 'receipt', 'elapsed', 'dispute'];

/** What a device says is its last in every conversation. */
export interface Final {
  readonly op: Op;
  readonly party: string;
  readonly n?: string;
  readonly q: readonly (readonly [string, number])[];
  readonly up: readonly string[];
}

/** A party's word at the end, with the commit that says it. */
export interface Said {
  readonly op: Op;
  readonly party: string;
  readonly member: string;
}

/** What is said after the close (protocol README, "Kinds of the mission swarm after its close"). */
export interface EndState {
  readonly finals: ReadonlyMap<string, Final>;
  readonly agreed: readonly (Said & {
    readonly h: string;
    readonly r: string;
    readonly n: string;
  })[];
  readonly receipts: readonly (Said & {
    readonly h: string;
    readonly r: string;
    readonly p: string;
  })[];
  readonly elapsed: readonly (Said & { readonly of: string })[];
  readonly disputes: readonly (Said & { readonly why: string; readonly isSettled: boolean })[];
}
