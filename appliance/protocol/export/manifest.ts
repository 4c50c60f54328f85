import { utf8 } from '../codec/bytes.ts';
import { decode, encode } from '../codec/canonical-json.ts';
import { ascending } from '../codec/envelope.ts';
import { isFingerprint, isSid } from '../codec/fingerprint.ts';
import { H } from '../codec/hash.ts';
import { fields, integer, list, oneOf, tuple, type Guard } from '../codec/shape.ts';
import { fromHex, toB64u } from '../codec/text-form.ts';
import { refused, type Parsed } from '../verdict.ts';
import { largestEntry } from './ustar.ts';

/** What a record holds (T3); its hash R is what the parties agree to. */
export interface Manifest {
  /** The mission. */
  cid: string;
  /** Ciphertext files: SHA-512 in hex, bytes. */
  files: [address: string, size: number][];
  /** SHA-512 of `reader.html` in hex. */
  reader?: string;
  /** The box's receipt chains: SHA-512 in hex. */
  receipts: [cid: string, hash: string][];
  /** The mission and its conversations: number of commits, Merkle root over their sids. */
  swarms: [cid: string, commits: number, root: string][];
  v: 1;
}

/** Bytes of the largest manifest that is read; stops a listing without end. */
export const largestManifest = 16_777_216;
/** Files and swarms of one record; stops work by count. The box takes no more in. */
export const mostFiles = 65_536;
export const mostSwarms = 16_384;

const isHash: Guard<string> = (value): value is string =>
  typeof value === 'string' && fromHex(value, 64) !== undefined;
const isManifest = fields(
  {
    cid: isFingerprint,
    files: list(tuple(isHash, integer(0, largestEntry)), 0, mostFiles),
    receipts: list(tuple(isFingerprint, isHash), 0, mostSwarms),
    swarms: list(tuple(isFingerprint, integer(1, 2 ** 32), isSid), 1, mostSwarms),
    v: oneOf(1),
  },
  { reader: isHash },
);

/** M as it stands in the record; sorts the lists. */
export function manifestBytes(manifest: Manifest): Uint8Array {
  const { files, receipts, swarms } = manifest;
  const sorted = { files: byName(files), receipts: byName(receipts), swarms: byName(swarms) };
  return utf8(encode({ ...manifest, ...sorted }));
}

/** Reads M; lists are sorted, nothing stands twice, the mission is one of the swarms. */
export function readManifest(bytes: Uint8Array): Parsed<Manifest> {
  const decoded = decode(bytes, largestManifest);
  if (!decoded.ok) return refused('T3', 'the manifest cannot be read');
  const { value } = decoded;
  if (!isManifest(value)) return refused('T3', 'the manifest has a bad form');
  const lists = [value.files, value.receipts, value.swarms] as const;
  if (!lists.every((rows) => ascending(rows.map((row) => row[0])))) {
    return refused('T3', 'the manifest is not sorted');
  }
  const known = new Set(value.swarms.map(([cid]) => cid));
  if (!known.has(value.cid)) return refused('T3', 'the manifest lacks the mission');
  if (!value.receipts.every(([cid]) => known.has(cid))) {
    return refused('T3', 'the manifest has receipts of no swarm');
  }
  return { ok: true, value };
}

/** R of a manifest, b64u of 64 bytes. */
export function recordHash(manifest: Uint8Array): string {
  return toB64u(H('record', manifest));
}

function byName<T extends readonly [string, ...unknown[]]>(rows: readonly T[]): T[] {
  return rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
