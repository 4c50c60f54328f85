import { open, rename, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { removeDurably, syncDirectory } from '#kernel/durable-file.ts';
import { durableRecord, type DurableRecord } from '#kernel/durable-record.ts';
import { systemCode } from '#kernel/refusal.ts';
import { b64u, fields, integer, text } from '#protocol/codec/shape.ts';
import { toHex } from '#protocol/codec/text-form.ts';
import type { RecordBytes } from '#protocol/export/record-bytes.ts';
import { piecesOf } from '#protocol/export/record-bytes.ts';
import type { RecordPlan } from '#protocol/export/write-record.ts';
import type { FileHashes } from '#protocol/ports.ts';

/** The record as it is proposed to the parties. */
export interface Proposed {
  /** SHA-512 of its bytes, hex. */
  h: string;
  /** R. */
  r: string;
  /** The box's signature over both. */
  s: string;
  /** Bytes. */
  size: number;
}

const isProposed = fields({
  h: text(128, 128),
  r: b64u(64),
  s: b64u(64),
  size: integer(1, Number.MAX_SAFE_INTEGER),
});

/** Hears how many bytes of how many are done. */
export type OnProgress = (done: number, total: number) => void;

/** The record on the disk: whole and proposed, or not there. */
export class RecordFile {
  readonly #path: string;
  readonly #draft: string;
  readonly #note: DurableRecord<Proposed>;
  readonly #hashes: FileHashes;

  /** `directory` is `mission/record`. */
  constructor(directory: string, hashes: FileHashes) {
    this.#path = join(directory, 'record.tar');
    this.#draft = join(directory, 'record.tar.part');
    this.#note = durableRecord(join(directory, 'record.json'), isProposed);
    this.#hashes = hashes;
  }

  /**
   * What was proposed, if the bytes on the disk still are those. Reads all of them: a box must not
   * hand out as the record what its disk has spoiled.
   */
  async check(onProgress: OnProgress, signal: AbortSignal): Promise<Proposed | undefined> {
    const proposed = await this.#note.read();
    if (!proposed) return undefined;
    const h = await this.#hashOf(onProgress, signal);
    return h === proposed.h ? proposed : undefined;
  }

  /**
   * Writes the record, whole or not at all, and proposes it. Rejects, before anybody could see
   * it, if it is another than one that was proposed earlier: the box says one thing only.
   */
  async build(
    plan: RecordPlan,
    sign: (name: { h: string; r: string }) => Promise<string>,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<Proposed> {
    const h = await this.#write(plan, onProgress, signal);
    const before = await this.#note.read();
    if (before && before.h !== h) {
      await removeDurably(this.#draft);
      throw new Error('the record is not the one that was proposed: the store is damaged');
    }
    await rename(this.#draft, this.#path);
    await syncDirectory(join(this.#path, '..'));
    const proposed = before ?? { h, r: plan.r, s: await sign({ h, r: plan.r }), size: plan.size };
    if (!before) await this.#note.write(proposed);
    return proposed;
  }

  /** Open for reading; the caller closes it. */
  open(): Promise<FileHandle> {
    return open(this.#path, 'r');
  }

  /** Lends the bytes to a task. */
  async read<T>(task: (bytes: RecordBytes) => Promise<T>): Promise<T> {
    const file = await this.open();
    try {
      return await task(await bytesOf(file));
    } finally {
      await file.close();
    }
  }

  async #write(plan: RecordPlan, onProgress: OnProgress, signal: AbortSignal): Promise<string> {
    const hash = await this.#hashes.sha512();
    const file = await open(this.#draft, 'w', 0o600);
    try {
      let done = 0;
      for await (const piece of plan.pieces()) {
        signal.throwIfAborted();
        await file.writeFile(piece);
        hash.update(piece);
        done += piece.length;
        onProgress(done, plan.size);
      }
      if (done !== plan.size) throw new Error('the record is not as long as planned');
      await file.sync();
    } catch (error) {
      // Half of a record on a disk that is full would keep everything else from it until the next try.
      await removeDurably(this.#draft);
      throw error;
    } finally {
      await file.close();
    }
    return toHex(hash.digest());
  }

  async #hashOf(onProgress: OnProgress, signal: AbortSignal): Promise<string | undefined> {
    try {
      return await this.read(async (bytes) => {
        const hash = await this.#hashes.sha512();
        let done = 0;
        for await (const piece of piecesOf(bytes)) {
          signal.throwIfAborted();
          hash.update(piece);
          onProgress((done += piece.length), bytes.size);
        }
        return toHex(hash.digest());
      });
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}

async function bytesOf(file: FileHandle): Promise<RecordBytes> {
  const { size } = await file.stat();
  return {
    size,
    read: async (from, to) => {
      const buffer = new Uint8Array(to - from);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
      return buffer.subarray(0, bytesRead);
    },
  };
}
