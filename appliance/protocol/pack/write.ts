import { concat, u32be, utf8 } from '../codec/bytes.ts';
import { sha1 } from '../codec/digest.ts';
import type { GitType } from '../codec/git-object.ts';
import type { Zlib } from '../ports.ts';
import type { GitObject } from './object.ts';

const codes = { commit: 1, tree: 2, blob: 3 } as const;

/** A delta-free pack, version 2, of these objects in this order; stock git reads it. */
export function writePack(objects: readonly GitObject[], zlib: Zlib): Uint8Array {
  const head = concat(utf8('PACK'), u32be(2), u32be(objects.length));
  const entries = objects.flatMap(({ type, body }) => [
    packEntryHead(type, body.length),
    zlib.deflate(body),
  ]);
  const pack = concat(head, ...entries);
  return concat(pack, sha1(pack));
}

/** What stands before the deflated bytes of an object: its type and its size (gitformat-pack). */
export function packEntryHead(type: GitType, size: number): Uint8Array {
  const bytes = [(codes[type] << 4) | (size & 15)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) | 0x80;
    bytes.push(rest & 0x7f);
  }
  return Uint8Array.from(bytes);
}
