import { decode, encode, fields, integer, listOf, type Json } from '../bytes/canonical-json.ts';
import { H } from '../bytes/hash.ts';
import { b64u, fingerprint, fromB64u, hash64 } from '../bytes/text-form.ts';
import { must } from '../refusal.ts';

/** What the parties agree to: R is its hash. */
export interface Manifest {
  readonly cid: string;
  readonly files: ReadonlyMap<string, number>;
  readonly reader: string | undefined;
  readonly receipts: ReadonlyMap<string, string>;
  readonly swarms: ReadonlyMap<string, { readonly commits: number; readonly root: string }>;
  readonly r: string;
}

/** Reads the manifest in its one form. */
export function readManifest(bytes: Uint8Array): Manifest {
  const m = fields(decode(bytes), ['cid', 'files', 'receipts', 'swarms', 'v'], ['reader']);
  must(m['v'] === 1, 'record', 'the manifest has an unknown version');
  const files = rows(m['files'], 2, hex).map(([name, size]): [string, number] => [
    name,
    integer(size),
  ]);
  const receipts = rows(m['receipts'], 2, fingerprint).map(([cid, sum]): [string, string] => [
    cid,
    hex(sum),
  ]);
  const swarms = rows(m['swarms'], 3, fingerprint).map(
    ([cid, commits, root]): [string, { commits: number; root: string }] => [
      cid,
      { commits: integer(commits, 1), root: hash64(root) },
    ],
  );
  return {
    cid: fingerprint(m['cid']),
    files: new Map(files),
    reader: m['reader'] === undefined ? undefined : hex(m['reader']),
    receipts: new Map(receipts),
    swarms: new Map(swarms),
    r: b64u(H('record', encode(m))),
  };
}

/** Merkle root over sids, sorted; an odd one goes up as it is. */
export function merkleRoot(sids: readonly string[]): string {
  let level = sids.toSorted().map((sid) => H('leaf', fromB64u(sid)));
  while (level.length > 1) {
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
      const [left, right] = [level[2 * i] as Buffer, level[2 * i + 1]];
      return right === undefined ? left : H('node', left, right);
    });
  }
  return level[0] === undefined ? '' : b64u(level[0]);
}

function rows(
  value: Json | undefined,
  width: number,
  name: (value: Json | undefined) => string,
): [string, Json | undefined, Json | undefined][] {
  const made = listOf(
    value,
    (one): [string, Json | undefined, Json | undefined] => {
      const row = listOf(one, (cell) => cell, width);
      must(row.length === width, 'record', 'a row of the manifest has a bad form');
      return [name(row[0]), row[1], row[2]];
    },
    65_536,
  );
  const isSorted = made.every(([one], i) => i === 0 || (made[i - 1]?.[0] ?? '') < one);
  must(isSorted, 'record', 'a list of the manifest is not sorted');
  return made;
}

function hex(value: Json | undefined): string {
  must(
    typeof value === 'string' && /^[0-9a-f]{128}$/.test(value),
    'record',
    'a hash has a bad form',
  );
  return value;
}
