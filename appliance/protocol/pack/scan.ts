import { equal } from '../codec/bytes.ts';
import { sha1 } from '../codec/digest.ts';
import type { GitType } from '../codec/git-object.ts';
import type { Zlib } from '../ports.ts';
import { refused, type Parsed, type Refusal } from '../verdict.ts';
import type { PackLimits } from './limits.ts';
import { gitObject, type GitObject } from './object.ts';

const headBytes = 12;
const trailerBytes = 20;
const types: Readonly<Record<number, GitType>> = { 1: 'commit', 2: 'tree', 3: 'blob' };

/**
 * Reads a delta-free git pack, version 2 (gitformat-pack), from its first byte to
 * its last: every cap of L2 is checked before the bytes it bounds are inflated, so
 * the work and memory of a hostile pack are bounded by the limits. Deltas, tags,
 * slack, doubled objects and wrong sizes or sums are refused.
 */
export function scanPack(pack: Uint8Array, zlib: Zlib, limits: PackLimits): Parsed<GitObject[]> {
  const count = readHead(pack, limits);
  if (!count.ok) return count;
  const end = pack.length - trailerBytes;
  if (!equal(sha1(pack.subarray(0, end)), pack.subarray(end))) {
    return refused('L2', "the pack's sum is wrong");
  }
  const reader = new EntryReader(pack.subarray(0, end), zlib, limits);
  const objects = new Map<string, GitObject>();
  for (let i = 0; i < count.value; i++) {
    const entry = reader.next();
    if (!entry.ok) return entry;
    if (objects.has(entry.value.oid)) return refused('L2', 'an object is there twice');
    objects.set(entry.value.oid, entry.value);
  }
  return reader.atEnd
    ? { ok: true, value: [...objects.values()] }
    : refused('L2', 'there is slack');
}

function readHead(pack: Uint8Array, limits: PackLimits): Parsed<number> {
  if (pack.length > limits.packBytes) return refused('L2', 'the pack is too large');
  if (pack.length < headBytes + trailerBytes) return refused('L2', 'the pack is cut off');
  const view = new DataView(pack.buffer, pack.byteOffset);
  if (view.getUint32(0) !== 0x5041434b || view.getUint32(4) !== 2) {
    return refused('L2', 'not a pack of version 2');
  }
  const count = view.getUint32(8);
  return count > limits.objects
    ? refused('L2', 'the pack has too many objects')
    : { ok: true, value: count };
}

/** Walks the entries; keeps the running totals that the limits bound. */
class EntryReader {
  readonly #bytes: Uint8Array;
  readonly #zlib: Zlib;
  readonly #limits: PackLimits;
  #at = headBytes;
  #commits = 0;
  #inflated = 0;

  constructor(bytes: Uint8Array, zlib: Zlib, limits: PackLimits) {
    this.#bytes = bytes;
    this.#zlib = zlib;
    this.#limits = limits;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  next(): Parsed<GitObject> {
    const head = this.#readEntryHead();
    if (!head.ok) return head;
    const { type, size } = head.value;
    const fault = this.#overLimit(type, size);
    if (fault !== undefined) return fault;
    const inflated = this.#zlib.inflate(this.#bytes, this.#at, size);
    if (inflated === undefined) return refused('L2', 'an object does not inflate as declared');
    if (inflated.bytes.length !== size)
      return refused('L2', 'an object is not as long as declared');
    this.#at += inflated.consumed;
    if (this.#at > this.#bytes.length) return refused('L2', 'the pack is cut off');
    this.#inflated += size;
    if (this.#inflated > this.#limits.freeBytes + this.#at * this.#limits.ratio) {
      return refused('L2', 'the pack is compressed too well');
    }
    return { ok: true, value: gitObject(type, inflated.bytes) };
  }

  /** Type and size: three bits and a little-endian number in groups of four, then seven bits. */
  #readEntryHead(): Parsed<{ type: GitType; size: number }> {
    let byte = this.#bytes[this.#at++];
    if (byte === undefined) return refused('L2', 'the pack is cut off');
    const type = types[(byte >> 4) & 7];
    if (type === undefined) return refused('L2', 'the pack has a delta, a tag or an unknown entry');
    let size = byte & 15;
    for (let shift = 4; byte >= 0x80; shift += 7) {
      byte = this.#bytes[this.#at++];
      // Three groups hold more than any limit; more would be a second writing or an overflow.
      if (byte === undefined || shift > 18) return refused('L2', 'an entry has a bad size');
      if (byte === 0) return refused('L2', 'a size has a second writing');
      size |= (byte & 0x7f) << shift;
    }
    return { ok: true, value: { type, size } };
  }

  #overLimit(type: GitType, size: number): Refusal | undefined {
    const { objectBytes, inflatedBytes, commits } = this.#limits;
    if (size > objectBytes[type]) return refused('L1', `a ${type} is too large`);
    if (this.#inflated + size > inflatedBytes) return refused('L2', 'the pack inflates too far');
    if (type === 'commit' && ++this.#commits > commits) return refused('L2', 'too many commits');
    return undefined;
  }
}
