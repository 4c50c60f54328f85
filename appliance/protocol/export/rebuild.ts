import type { GitObject } from '../pack/object.ts';
import type { RecordCheck } from './check-record.ts';
import { paths } from './paths.ts';
import type { OpenRecord } from './read-record.ts';
import { piecesOf, type RecordBytes } from './record-bytes.ts';
import type { RecordSource } from './write-record.ts';

/**
 * A source from a record that was checked: `planRecord` makes the same bytes of it again, whoever
 * runs it (T4). Rejects if receipts or reader cannot be read.
 */
export async function sourceOf(record: OpenRecord, check: RecordCheck): Promise<RecordSource> {
  const { cid, manifest } = record;
  const objects = new LastObjects(record);
  const swarms = [[cid, check.mission] as const, ...check.rooms].map(([of, replica]) => ({
    cid: of,
    replica,
    read: (oid: string) => objects.read(of, oid),
  }));
  const read = (path: string) => whole(record.entry(path) as RecordBytes);
  const receipts = manifest.receipts.map(async ([of]) => ({
    cid: of,
    bytes: await read(paths.receipts(of)),
  }));
  return {
    cid,
    swarms,
    files: manifest.files.map(([address, size]) => ({ address, size })),
    file: (address) => piecesOf(record.file(address) as RecordBytes),
    receipts: await Promise.all(receipts),
    ...(manifest.reader !== undefined && { reader: await read(paths.reader) }),
  };
}

/** Objects of the swarm that was asked about last: one at a time, however many there are. */
class LastObjects {
  readonly #record: OpenRecord;
  #held: { cid: string; objects: Promise<ReadonlyMap<string, GitObject>> } | undefined;

  constructor(record: OpenRecord) {
    this.#record = record;
  }

  async read(cid: string, oid: string): Promise<GitObject | undefined> {
    if (this.#held?.cid !== cid) this.#held = { cid, objects: this.#load(cid) };
    return (await this.#held.objects).get(oid);
  }

  async #load(cid: string): Promise<ReadonlyMap<string, GitObject>> {
    const content = await this.#record.swarm(cid);
    const objects = content.ok ? content.value.objects : [];
    return new Map(objects.map((object) => [object.oid, object]));
  }
}

function whole(bytes: RecordBytes): Promise<Uint8Array> {
  return bytes.read(0, bytes.size);
}
