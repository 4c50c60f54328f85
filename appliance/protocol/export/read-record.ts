import { fromUtf8 } from '../codec/bytes.ts';
import { toHex } from '../codec/text-form.ts';
import type { FileHashes } from '../ports.ts';
import { refused, type Parsed, type Refusal } from '../verdict.ts';
import { indexOf } from './archive-index.ts';
import { largestManifest, readManifest, recordHash, type Manifest } from './manifest.ts';
import { paths } from './paths.ts';
import { readBundle, type BundleContent } from './read-bundle.ts';
import { piecesOf, type OnProgress, type RecordBytes } from './record-bytes.ts';

/** A record whose form is right and whose files are those of its manifest; see `checkRecord`. */
export interface OpenRecord {
  /** The mission. */
  cid: string;
  /** R, b64u of 64 bytes. */
  r: string;
  manifest: Manifest;
  /** The whole record. */
  bytes: RecordBytes;
  /** What a swarm consists of; read anew each time, so keep it or let it go. */
  swarm(cid: string): Promise<Parsed<BundleContent>>;
  /** A ciphertext file; undefined if the manifest has none of that address (SHA-512 in hex). */
  file(address: string): RecordBytes | undefined;
  /** A file of the record by its path. */
  entry(path: string): RecordBytes | undefined;
  /** The same as text; undefined if there is none, it is larger than 128 MiB, or not UTF-8. */
  text(path: string): Promise<string | undefined>;
  /** SHA-512 of the whole record in hex, which parties compare; `onProgress` hears of bytes. */
  hash(onProgress?: OnProgress): Promise<string>;
}

/** Most bytes of a bundle: one swarm is in memory at once. */
export const largestBundle = 1_073_741_824;
/** Most bytes of what is read as a text. */
const largestText = 134_217_728;

/**
 * Opens a record: the archive has the one writing that it can have, and exactly the files that its
 * manifest asks for. Never throws for bad bytes; rejects only if `bytes` does. What is in the files
 * is judged by `checkRecord`.
 */
export async function openRecord(
  bytes: RecordBytes,
  hashes: FileHashes,
): Promise<Parsed<OpenRecord>> {
  const index = await indexOf(bytes);
  if (!index.ok) return index;
  const entries = index.value;
  const at = entries.get(paths.manifest);
  if (at === undefined) return refused('T3', 'the record has no manifest');
  if (at.size > largestManifest) return refused('T3', 'the manifest is too large');
  const raw = await at.read(0, at.size);
  const manifest = readManifest(raw);
  if (!manifest.ok) return manifest;
  const fault = faultOf(manifest.value, entries);
  if (fault !== undefined) return fault;
  return { ok: true, value: opened(bytes, hashes, entries, manifest.value, recordHash(raw)) };
}

/** Whether files and manifest are not the same. */
function faultOf(
  { files, reader, receipts, swarms }: Manifest,
  entries: ReadonlyMap<string, RecordBytes>,
): Refusal | undefined {
  const wanted = new Set<string>([paths.readme, paths.signers, paths.manifest, paths.status]);
  if (reader !== undefined) wanted.add(paths.reader);
  for (const [cid] of receipts) wanted.add(paths.receipts(cid));
  for (const [address, size] of files) {
    wanted.add(paths.file(address));
    const held = entries.get(paths.file(address));
    if (held !== undefined && held.size !== size) {
      return refused('T3', 'a file is not as long as the manifest says');
    }
  }
  for (const [cid] of swarms) {
    wanted.add(paths.bundle(cid));
    if ((entries.get(paths.bundle(cid))?.size ?? 0) > largestBundle) {
      return refused('T4', 'a bundle is too large');
    }
  }
  if ([...wanted].some((path) => !entries.has(path))) {
    return refused('T3', 'a file of the record is missing');
  }
  return entries.size === wanted.size
    ? undefined
    : refused('T3', 'there is a file that the manifest does not name');
}

function opened(
  bytes: RecordBytes,
  hashes: FileHashes,
  entries: ReadonlyMap<string, RecordBytes>,
  manifest: Manifest,
  r: string,
): OpenRecord {
  const addresses = new Set(manifest.files.map(([address]) => address));
  return {
    cid: manifest.cid,
    r,
    manifest,
    bytes,
    swarm: async (cid) => {
      const held = entries.get(paths.bundle(cid));
      if (held === undefined) return refused('T3', 'the record has no such swarm');
      return readBundle(await held.read(0, held.size));
    },
    file: (address) => (addresses.has(address) ? entries.get(paths.file(address)) : undefined),
    entry: (path) => entries.get(path),
    text: async (path) => {
      const held = entries.get(path);
      if (held === undefined || held.size > largestText) return undefined;
      return fromUtf8(await held.read(0, held.size));
    },
    hash: (onProgress) => hashOf(bytes, hashes, onProgress),
  };
}

/** SHA-512 in hex of bytes wherever they lie; `onProgress` hears of bytes. */
export async function hashOf(
  bytes: RecordBytes,
  hashes: FileHashes,
  onProgress?: OnProgress,
): Promise<string> {
  const hash = await hashes.sha512();
  let done = 0;
  for await (const piece of piecesOf(bytes)) {
    hash.update(piece);
    done += piece.length;
    await onProgress?.(done, bytes.size);
  }
  return toHex(hash.digest());
}
