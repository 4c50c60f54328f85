import { parseCommit } from '../codec/commit.ts';
import type { Commit } from '../codec/commit-form.ts';
import { sidOf } from '../codec/fingerprint.ts';
import { file, type Node } from '../pack/node.ts';
import { toB64u } from '../codec/text-form.ts';
import type { Admission } from './admission.ts';

/** Commits of one batch, parents first, and its blobs by tree hash. */
export interface Batch {
  commits: readonly Commit[];
  blobs: ReadonlyMap<string, Node>;
}

/** Reads what came; refuses what has no form, and puts parents before children (§8.4). */
export function readBatch(
  input: readonly (Commit | Uint8Array)[],
  blobs: readonly Uint8Array[],
  answer: Admission,
): Batch {
  const read: Commit[] = [];
  for (const one of input) {
    if (!(one instanceof Uint8Array)) {
      read.push(one);
      continue;
    }
    const parsed = parseCommit(one);
    if (parsed.ok) read.push(parsed.value);
    else answer.no.push([sidOf(one), parsed.rule]);
  }
  const files = blobs.map((bytes) => file(bytes));
  return {
    commits: parentsFirst(read),
    blobs: new Map(files.map((node) => [toB64u(node.th), node])),
  };
}

/** Depth first along parents; each object once. Iterative: a chain may be long. */
function parentsFirst(commits: readonly Commit[]): Commit[] {
  const byOid = new Map(commits.map((commit) => [commit.oid, commit]));
  const done = new Set<string>();
  const order: Commit[] = [];
  for (const first of byOid.values()) {
    const stack = [first];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      // Names are hashes, so a circle needs a broken SHA-1; then the stack outgrows the batch.
      if (stack.length > byOid.size) break;
      const waiting = top.parents.find((oid) => byOid.has(oid) && !done.has(oid));
      if (waiting !== undefined) {
        stack.push(byOid.get(waiting) as Commit);
        continue;
      }
      stack.pop();
      if (!done.has(top.oid)) order.push(top);
      done.add(top.oid);
    }
  }
  return order;
}
