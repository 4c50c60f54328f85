import { objectName, type GitType } from '../codec/git-object.ts';

/** One git object. */
export interface GitObject {
  type: GitType;
  /** Object name: where git keeps it; proves nothing (SWARM §0.3). */
  oid: string;
  body: Uint8Array;
}

/** An object with the name that its bytes have. */
export function gitObject(type: GitType, body: Uint8Array): GitObject {
  return { type, oid: objectName(type, body), body };
}
