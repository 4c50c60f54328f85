import type { MissionReplica, RoomReplica } from '../admit/replica.ts';
import { concat, utf8 } from '../codec/bytes.ts';
import { sha512 } from '../codec/digest.ts';
import { toHex } from '../codec/text-form.ts';
import { bundleOf } from './bundle.ts';
import { manifestBytes, recordHash, type Manifest } from './manifest.ts';
import { merkleRoot } from './merkle.ts';
import { paths } from './paths.ts';
import { readmeText } from './readme-text.ts';
import { allowedSigners } from './signers.ts';
import { statusBytes } from './status.ts';
import type { SwarmSource } from './swarm-source.ts';
import { archiveEnd, entryHead, padding, paddedSize, blockBytes } from './ustar.ts';

/** What a record is made of. */
export interface RecordSource {
  /** The mission. */
  cid: string;
  /** The mission first, then its conversations in any order. */
  swarms: readonly SwarmSource[];
  /** Ciphertext files: SHA-512 in hex, bytes. */
  files: readonly { address: string; size: number }[];
  /** Bytes of a file, as many as its size says. */
  file(address: string): AsyncIterable<Uint8Array>;
  /** Receipt chains of the box. */
  receipts: readonly { cid: string; bytes: Uint8Array }[];
  /** The offline reader, one HTML file. */
  reader?: Uint8Array;
}

/** A record that can be written as often as somebody asks: always the same bytes. */
export interface RecordPlan {
  /** Bytes. */
  size: number;
  /** R, b64u of 64 bytes. */
  r: string;
  manifest: Manifest;
  /** The bytes. Rejects if the source has lost something or gives a file of another size. */
  pieces(): AsyncGenerator<Uint8Array>;
}

/** One file of a record. */
export interface RecordEntry {
  path: string;
  size: number;
  pieces(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * Lays out the record of these swarms and files (T4): nothing in it depends on who writes it,
 * when, or in which order things came in. Objects are read once now for their sizes and once more
 * in `pieces`; no more than one of them is held. Rejects if an object is lost; throws RangeError for a
 * file of 8 GiB or more.
 */
export async function planRecord(source: RecordSource): Promise<RecordPlan> {
  const { entries, manifest, r } = await layOut(source);
  const heads = entries.map((entry) => entryHead(entry));
  const rooms = entries.map(({ size }) => blockBytes + paddedSize(size));
  return {
    size: rooms.reduce((sum, size) => sum + size, archiveEnd.length),
    r,
    manifest,
    pieces: () => gathered(archive(entries, heads)),
  };
}

/** The files of a record in their order. */
export async function layOut(
  source: RecordSource,
): Promise<{ entries: RecordEntry[]; manifest: Manifest; r: string }> {
  const [first, ...others] = source.swarms;
  if (first?.cid !== source.cid) throw new TypeError('the mission comes first');
  const mission = first.replica as MissionReplica;
  const rooms = others.map(({ replica }) => replica as RoomReplica);
  const bundles = new Map<string, Awaited<ReturnType<typeof bundleOf>>>();
  for (const swarm of source.swarms) bundles.set(swarm.cid, await bundleOf(swarm));
  const manifest: Manifest = {
    cid: source.cid,
    files: sorted(source.files.map(({ address, size }) => [address, size])),
    ...(source.reader && { reader: hexOf(source.reader) }),
    receipts: sorted(source.receipts.map(({ cid, bytes }) => [cid, hexOf(bytes)])),
    swarms: sorted(
      [...bundles].map(([cid, { commits }]) => [
        cid,
        commits.length,
        merkleRoot(commits.map(({ sid }) => sid)),
      ]),
    ),
    v: 1,
  };
  const m = manifestBytes(manifest);
  const signers = allowedSigners(
    mission.view().state,
    [...bundles.values()].map(({ commits }) => commits),
  );
  const entries = [
    inMemory(paths.readme, utf8(readmeText)),
    inMemory(paths.signers, signers),
    inMemory(paths.manifest, m),
    inMemory(paths.status, statusBytes(mission, rooms)),
    ...(source.reader ? [inMemory(paths.reader, source.reader)] : []),
    ...source.receipts.map(({ cid, bytes }) => inMemory(paths.receipts(cid), bytes)),
    ...source.files.map(({ address, size }) => ({
      path: paths.file(address),
      size,
      pieces: () => source.file(address),
    })),
    ...[...bundles].map(([cid, { size, pieces }]) => ({ path: paths.bundle(cid), size, pieces })),
  ];
  return {
    entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)),
    manifest,
    r: recordHash(m),
  };
}

async function* archive(
  entries: readonly RecordEntry[],
  heads: readonly Uint8Array[],
): AsyncGenerator<Uint8Array> {
  for (const [i, { path, size, pieces }] of entries.entries()) {
    yield heads[i] as Uint8Array;
    let written = 0;
    for await (const piece of pieces()) {
      written += piece.length;
      yield piece;
    }
    if (written !== size) throw new Error(`${path} is not as long as it was`);
    yield padding(size);
  }
  yield archiveEnd;
}

/** Pieces as large as a disk likes them, so that thousands of small objects cost few writes. */
async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    if (length < 262_144) continue;
    yield concat(...waiting);
    waiting = [];
    length = 0;
  }
  if (length > 0) yield concat(...waiting);
}

function inMemory(path: string, bytes: Uint8Array): RecordEntry {
  return { path, size: bytes.length, pieces: () => [bytes] };
}

function sorted<T extends [string, ...unknown[]]>(rows: T[]): T[] {
  return rows.sort(([a], [b]) => (a < b ? -1 : 1));
}

function hexOf(bytes: Uint8Array): string {
  return toHex(sha512(bytes));
}
