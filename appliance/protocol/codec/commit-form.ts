import type { Json } from './canonical-json.ts';

/** Control or content, the word after `swarm1` (SWARM §5). */
export type CommitClass = 'x' | 'c';

/** The clear envelope (SWARM §5.1, M2). Absent keys are absent, never undefined. */
export interface Envelope {
  v: 1;
  cid?: string;
  d: string;
  q: number;
  pq?: string;
  l: number;
  ps: string[];
  th: string;
  k: string;
  mh?: string[];
  x?: { [key: string]: Json };
  e?: string;
  pc?: string;
}

/** A commit whose bytes obey R1–R3 and R5; its signature and its place are not judged yet. */
export interface Commit {
  /** Git object name (SHA-1): a storage key, nothing more. */
  oid: string;
  /** Identity (B1). */
  sid: string;
  /** Whole git object body, without the `commit <n>\0` head. */
  raw: Uint8Array;
  /** `raw` without the gpgsig header: what the signature covers. */
  payload: Uint8Array;
  tree: string;
  parents: string[];
  /** Claimed time in seconds. */
  seconds: number;
  class: CommitClass;
  envelope: Envelope;
  /** Opened base64 of the sealed line. */
  sealed?: Uint8Array;
  signature: { key: Uint8Array; bytes: Uint8Array };
}

/** What a writer fills in; the codec does the rest. */
export interface CommitDraft {
  tree: string;
  parents: string[];
  seconds: number;
  class: CommitClass;
  envelope: Envelope;
  sealed?: Uint8Array;
}
