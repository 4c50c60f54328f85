import { compare, concat, fromUtf8, utf8 } from '../codec/bytes.ts';
import { fromHex, toHex } from '../codec/text-form.ts';
import { refused, type Parsed } from '../verdict.ts';

/** File or directory; no other mode exists, so that a checkout is inert (SWARM §4). */
export type Mode = '100644' | '40000';

/** One row of a git tree. */
export interface TreeEntry {
  mode: Mode;
  name: string;
  oid: string;
}

/** L1: bounds the memory and the listing that one tree can cost. */
export const maxTreeEntries = 4096;
export const maxTreeBytes = 262_144;

const nameForm = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/** The git body of a tree; sorts the entries. Throws TypeError for a name outside the grammar. */
export function encodeTree(entries: readonly TreeEntry[]): Uint8Array {
  const sorted = sortedEntries(entries);
  const fault = faultOf(sorted);
  if (fault !== undefined) throw new TypeError(fault);
  return concat(
    ...sorted.flatMap(({ mode, name, oid }) => [
      utf8(`${mode} ${name}\0`),
      fromHex(oid, 20) as Uint8Array,
    ]),
  );
}

/** Reads a tree body that `encodeTree` could have written; refuses anything else (SWARM §4, L1). */
export function readTree(body: Uint8Array): Parsed<TreeEntry[]> {
  if (body.length > maxTreeBytes) return refused('L1', 'the tree is too large');
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < body.length) {
    const end = body.indexOf(0, at);
    if (end < 0 || end + 21 > body.length) return refused('R12', 'the tree is cut off');
    const head = fromUtf8(body.subarray(at, end));
    const row = head === undefined ? null : /^(100644|40000) (.*)$/.exec(head);
    if (row === null) return refused('R12', 'the tree has another mode');
    const oid = toHex(body.subarray(end + 1, end + 21));
    entries.push({ mode: row[1] as Mode, name: row[2] as string, oid });
    if (entries.length > maxTreeEntries) return refused('L1', 'the tree has too many entries');
    at = end + 21;
  }
  const fault = faultOf(entries);
  return fault === undefined ? { ok: true, value: entries } : refused('R12', fault);
}

/** Git's order: by bytes, directories as if their name ended with a slash. */
export function sortedEntries<T extends Pick<TreeEntry, 'mode' | 'name'>>(
  entries: readonly T[],
): T[] {
  return entries.toSorted((a, b) => compare(sortKey(a), sortKey(b)));
}

function faultOf(entries: readonly TreeEntry[]): string | undefined {
  if (entries.length > maxTreeEntries) return 'the tree has too many entries';
  if (entries.some(({ name }) => !nameForm.test(name))) return 'a name has a bad form';
  if (entries.some(({ oid }) => fromHex(oid, 20) === undefined)) return 'an object name is bad';
  // A file and a directory of one name sort apart, so order alone does not exclude them.
  if (new Set(entries.map(({ name }) => name)).size !== entries.length)
    return 'a name is there twice';
  const inOrder = sortedEntries(entries).every((entry, i) => entry === entries[i]);
  return inOrder ? undefined : 'the entries are not in order';
}

function sortKey({ mode, name }: Pick<TreeEntry, 'mode' | 'name'>): Uint8Array {
  return utf8(mode === '40000' ? `${name}/` : name);
}
