import { concat } from '#protocol/codec/bytes.ts';
import { sha1 } from '#protocol/codec/digest.ts';
import { headOf } from '#protocol/export/bundle.ts';
import { checkRecord } from '#protocol/export/check-record.ts';
import { manifestBytes, readManifest, type Manifest } from '#protocol/export/manifest.ts';
import { paths } from '#protocol/export/paths.ts';
import { readBundle, type BundleContent } from '#protocol/export/read-bundle.ts';
import { openRecord } from '#protocol/export/read-record.ts';
import { bytesInMemory } from '#protocol/export/record-bytes.ts';
import { deflateStored } from '#protocol/export/stored-deflate.ts';
import { gitObject, type GitObject } from '#protocol/pack/object.ts';
import { packEntryHead } from '#protocol/pack/write.ts';
import { filePorts } from './files.ts';
import { nodeEngine } from './protocol-ports.ts';
import type { SampleRecord } from './record.ts';
import { packed, unpacked } from './ustar.ts';

/** What is said about a record: the refusal, or the codes of its faults. */
export async function verdictOn(bytes: Uint8Array): Promise<string[]> {
  const record = await openRecord(bytesInMemory(bytes), filePorts.hashes);
  if (!record.ok) return [record.why];
  const { faults } = await checkRecord(nodeEngine, filePorts.hashes, record.value);
  return [...new Set(faults.map(({ code }) => code))].sort();
}

/** The sample in the hands of a liar who can compute every hash again. */
export class BentRecord {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly #sample: SampleRecord;

  private constructor(sample: SampleRecord, files: ReadonlyMap<string, Uint8Array>) {
    this.#sample = sample;
    this.files = files;
  }

  static async of(sample: SampleRecord): Promise<BentRecord> {
    return new BentRecord(sample, await unpacked(sample.bytes));
  }

  /** The sample with some of its files changed, added or (undefined) left out. */
  changed(changes: Record<string, Uint8Array | undefined>): Uint8Array {
    const all = new Map<string, Uint8Array | undefined>([
      ...this.files,
      ...Object.entries(changes),
    ]);
    const held = [...all].filter((one): one is [string, Uint8Array] => one[1] !== undefined);
    return packed(held.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** A manifest that says something else. */
  manifest(change: (manifest: Manifest) => unknown): Uint8Array {
    const read = readManifest(this.files.get(paths.manifest) as Uint8Array);
    if (!read.ok) throw new Error(read.why);
    return manifestBytes(change(read.value) as Manifest);
  }

  content(cid = this.#sample.room): BundleContent {
    const read = readBundle(this.files.get(paths.bundle(cid)) as Uint8Array);
    if (!read.ok) throw new Error(read.why);
    return read.value;
  }

  /** The record with this bundle of the conversation. */
  withBundle(bytes: Uint8Array): Uint8Array {
    return this.changed({ [paths.bundle(this.#sample.room)]: bytes });
  }
}

/** Makes a zlib stream. */
export type Deflate = (body: Uint8Array) => Uint8Array;

/** A bundle of these objects in this order, right in every sum. */
export function bentBundle(
  refs: ReadonlyMap<string, string>,
  objects: readonly GitObject[],
  {
    deflate = deflateStored as Deflate,
    slack = new Uint8Array(0) as Uint8Array,
    count = objects.length,
  } = {},
): Uint8Array {
  const { bytes, packAt } = headOf(refs, count);
  const entries = objects.flatMap(({ type, body }) => [
    packEntryHead(type, body.length),
    deflate(body),
  ]);
  const whole = concat(bytes, ...entries, slack);
  return concat(whole, sha1(whole.subarray(packAt)));
}

/** Everything in a pack, commits first. */
export function objectsOf({ commits, objects }: BundleContent): GitObject[] {
  return [...commits.map((raw) => gitObject('commit', raw)), ...objects];
}
