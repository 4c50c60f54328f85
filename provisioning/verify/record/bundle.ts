import { byText } from '../bytes/text-form.ts';
import type { Op } from '../graph/op.ts';
import { inOrder } from '../graph/op.ts';
import { must } from '../refusal.ts';
import { readPack, type GitObject } from './pack.ts';

/** A git bundle of one swarm: refs by name, objects in their order. */
export interface Bundle {
  readonly refs: ReadonlyMap<string, string>;
  readonly objects: readonly GitObject[];
}

const start = '# v2 git bundle\n';

/** Whether a file begins as a bundle does. */
export function looksLikeBundle(first: Buffer): boolean {
  return first.subarray(0, start.length).toString('latin1') === start;
}

/** Reads a bundle of version 2: refs sorted by name, an empty line, the pack. */
export function readBundle(bytes: Buffer): Bundle {
  must(looksLikeBundle(bytes), 'bundle', 'it is no git bundle');
  const end = bytes.indexOf('\n\n');
  must(end > 0, 'bundle', 'the bundle has no end of its refs');
  const lines = bytes.subarray(start.length, end).toString('latin1').split('\n');
  const refs = new Map<string, string>();
  let last = '';
  for (const line of lines) {
    const [, oid, name] = /^([0-9a-f]{40}) (HEAD|refs\/heads\/[a-z0-9/]+)$/.exec(line) ?? [];
    must(oid && name && name > last, 'bundle', 'a ref has a bad form or is not in order');
    refs.set(name, oid);
    last = name;
  }
  return { refs, objects: readPack(bytes.subarray(end + 2)) };
}

/** The refs that follow from commits (protocol README, table of the record). */
export function refsOf(ops: readonly Op[]): Map<string, string> {
  const main = ops.toSorted(inOrder).at(-1)?.commit.oid ?? '';
  const refs = new Map([
    ['HEAD', main],
    ['refs/heads/main', main],
  ]);
  const followed = new Set(
    ops.flatMap(({ previous }) => (previous === undefined ? [] : [previous.sid])),
  );
  const tips = ops
    .filter(({ sid }) => !followed.has(sid))
    .sort((a, b) => b.q - a.q || byText(a.sid, b.sid));
  for (const { commit, d } of tips) {
    const name = `refs/heads/dev/${d}`;
    refs.set(refs.has(name) ? `refs/heads/fork/${commit.oid}` : name, commit.oid);
  }
  return new Map([...refs].sort(([a], [b]) => byText(a, b)));
}
