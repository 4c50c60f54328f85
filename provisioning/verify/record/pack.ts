import { createHash } from 'node:crypto';
import { gitName } from '../bytes/hash.ts';
import { must, refuse } from '../refusal.ts';

/** An object of git. */
export interface GitObject {
  readonly type: 'commit' | 'tree' | 'blob';
  readonly oid: string;
  readonly body: Buffer;
}

const types: Record<number, GitObject['type']> = { 1: 'commit', 2: 'tree', 3: 'blob' };
const most = { commit: 262_144, tree: 262_144, blob: 65_536 };

/** Reads a pack of a record: no deltas, nothing compressed, every object in its one form. */
export function readPack(bytes: Buffer): GitObject[] {
  must(bytes.length >= 32, 'bundle', 'the pack ends before it should');
  const body = bytes.subarray(0, bytes.length - 20);
  const sum = createHash('sha1').update(body).digest();
  must(
    sum.equals(bytes.subarray(bytes.length - 20)),
    'bundle',
    'the sum at the end of the pack is wrong',
  );
  must(
    body.subarray(0, 8).equals(Buffer.from('PACK\0\0\0\x02')),
    'bundle',
    'it is no pack of version 2',
  );
  const count = body.readUInt32BE(8);
  const objects: GitObject[] = [];
  let at = 12;
  while (at < body.length) {
    const head = readHead(body, at);
    const { content, end } = readStored(body, head.end, head.size);
    objects.push({ type: head.type, oid: gitName(head.type, content), body: content });
    at = end;
  }
  must(objects.length === count, 'bundle', 'the pack holds another number of objects than it says');
  must(new Set(objects.map(({ oid }) => oid)).size === count, 'bundle', 'an object stands twice');
  return objects;
}

function readHead(
  bytes: Buffer,
  from: number,
): { type: GitObject['type']; size: number; end: number } {
  let at = from;
  const first = bytes[at++] as number;
  const type =
    types[(first >> 4) & 7] ??
    refuse('bundle', 'an object is of a kind that a record does not have');
  let [size, factor, byte] = [first & 15, 16, first];
  while (byte & 0x80) {
    must(at < bytes.length && at - from < 6, 'bundle', 'the size of an object has a bad form');
    byte = bytes[at++] as number;
    size += (byte & 0x7f) * factor;
    factor *= 128;
  }
  must(at === from + 1 || byte !== 0, 'bundle', 'the size of an object is not in its one form');
  must(size <= most[type], 'bundle', `a ${type} is too large`);
  return { type, size, end: at };
}

/** A zlib stream of stored blocks only, each as long as it can be. */
function readStored(bytes: Buffer, from: number, size: number): { content: Buffer; end: number } {
  must(
    bytes[from] === 0x78 && bytes[from + 1] === 0x01,
    'bundle',
    'an object is not stored as it should',
  );
  const parts: Buffer[] = [];
  let [at, left] = [from + 2, size];
  do {
    const length = Math.min(left, 65_535);
    const isLast = left === length;
    must(at + 5 + length + 4 <= bytes.length, 'bundle', 'the pack ends before it should');
    const head = Buffer.from([isLast ? 1 : 0, 0, 0, 0, 0]);
    head.writeUInt16LE(length, 1);
    head.writeUInt16LE(length ^ 0xffff, 3);
    must(head.equals(bytes.subarray(at, at + 5)), 'bundle', 'an object is not stored as it should');
    parts.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
    left -= length;
  } while (left > 0);
  const content = Buffer.concat(parts);
  must(bytes.readUInt32BE(at) === adler32(content), 'bundle', 'the sum of an object is wrong');
  return { content, end: at + 4 };
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}
