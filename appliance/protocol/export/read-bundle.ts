import { equal, fromUtf8 } from '../codec/bytes.ts';
import { runningSha1 } from '../codec/digest.ts';
import type { GitType } from '../codec/git-object.ts';
import { commitLimits } from '../codec/commit.ts';
import { gitObject, type GitObject } from '../pack/object.ts';
import { maxTreeBytes } from '../pack/tree.ts';
import { packEntryHead } from '../pack/write.ts';
import { refused, type Parsed, type Refusal } from '../verdict.ts';
import { bundleMagic, headOf } from './bundle.ts';
import { inflateStored, storedSize } from './stored-deflate.ts';

/** What a bundle holds, as its bytes say; nothing of it is judged yet. */
export interface BundleContent {
  /** Full name → commit. */
  refs: Map<string, string>;
  /** Raw commits in the order of the pack. */
  commits: Uint8Array[];
  /** Trees and blobs. */
  objects: GitObject[];
}

/** Most bytes of the lines before a pack; two refs a device and fork fit a hundred times. */
const largestHead = 16_777_216;
const types: Readonly<Record<number, GitType>> = { 1: 'commit', 2: 'tree', 3: 'blob' };
const objectBytes = { commit: commitLimits.epoch, tree: maxTreeBytes, blob: 65_536 } as const;
const row = /^([0-9a-f]{40}) (HEAD|refs\/heads\/[a-z0-9]+(?:\/[a-z0-9]+)?)$/;

/**
 * Reads a bundle as `bundleOf` lays it out: no deltas, nothing compressed, commits first, then
 * trees and blobs by name, each once, the sum right, nothing after it. Nothing grows while it is
 * read, so the memory it takes is that of the bundle.
 */
export function readBundle(bytes: Uint8Array): Parsed<BundleContent> {
  const head = readHead(bytes);
  if (!head.ok) return head;
  const { refs, count, at } = head.value;
  const end = bytes.length - 20;
  const sum = runningSha1();
  sum.update(bytes.subarray(at - 12, end));
  if (end < at || !equal(sum.digest(), bytes.subarray(end))) return bad('the sum is wrong');
  const content: BundleContent = { refs, commits: [], objects: [] };
  const seen = new Set<string>();
  const pack = bytes.subarray(0, end);
  let from = at;
  let last = '';
  for (let i = 0; i < count; i++) {
    const entry = readEntry(pack, from);
    if (!entry.ok) return entry;
    const { object, size } = entry.value;
    from += size;
    if (seen.has(object.oid)) return bad('an object is there twice');
    seen.add(object.oid);
    if (object.type === 'commit') {
      if (content.objects.length > 0) return bad('the objects are not in order');
      content.commits.push(object.body);
    } else {
      if (object.oid < last) return bad('the objects are not in order');
      last = object.oid;
      content.objects.push(object);
    }
  }
  if (from !== end) return bad('there is something after the last object');
  return { ok: true, value: content };
}

function readHead(
  bytes: Uint8Array,
): Parsed<{ refs: Map<string, string>; count: number; at: number }> {
  const start = bytes.subarray(0, largestHead);
  const empty = blankLine(start);
  const text = empty < 0 ? undefined : fromUtf8(start.subarray(0, empty + 1));
  if (text?.startsWith(bundleMagic) !== true) return bad('it is no bundle of version 2');
  const refs = new Map<string, string>();
  for (const line of text.slice(bundleMagic.length).split('\n').slice(0, -1)) {
    const found = row.exec(line);
    if (found === null) return bad('a ref has a bad form');
    refs.set(found[2] as string, found[1] as string);
  }
  const at = empty + 2 + 12;
  if (bytes.length < at) return bad('it is cut off');
  const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at - 4);
  // Written again and compared: the order, and that no ref is there twice.
  const sorted = new Map([...refs].sort(([a], [b]) => (a < b ? -1 : 1)));
  return equal(headOf(sorted, count).bytes, bytes.subarray(0, at))
    ? { ok: true, value: { refs, count, at } }
    : bad('its head has another writing');
}

/** Where the line feed stands that the empty line follows; -1 if there is none. */
function blankLine(bytes: Uint8Array): number {
  let at = bytes.indexOf(10);
  while (at >= 0 && bytes[at + 1] !== 10) at = bytes.indexOf(10, at + 1);
  return at;
}

function readEntry(pack: Uint8Array, at: number): Parsed<{ object: GitObject; size: number }> {
  const type = types[((pack[at] ?? 0) >> 4) & 7];
  if (type === undefined) return bad('there is a delta, a tag or an unknown object');
  let size = (pack[at] as number) & 15;
  let end = at + 1;
  // Four groups hold more than any limit; more would be a second writing or an overflow.
  for (let shift = 4; (pack[end - 1] as number) >= 0x80; shift += 7) {
    const byte = pack[end++];
    if (byte === undefined || shift > 18) return bad('an object has a bad size');
    size |= (byte & 0x7f) << shift;
  }
  if (size > objectBytes[type]) return bad(`a ${type} is too large`);
  if (!equal(packEntryHead(type, size), pack.subarray(at, end))) {
    return bad('an object has a bad size');
  }
  const body = inflateStored(pack, end, size);
  return body === undefined
    ? bad('an object is damaged or compressed')
    : { ok: true, value: { object: gitObject(type, body), size: end - at + storedSize(size) } };
}

function bad(why: string): Refusal {
  return refused('T4', `a bundle cannot be read: ${why}`);
}
