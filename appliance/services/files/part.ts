import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectoryDurably, removeDurably, syncDirectory } from '#kernel/durable-file.ts';
import { Serial } from '#kernel/serial.ts';

/** What a part is, all of it to be read from its path. */
export interface PartName {
  party: string;
  device: string;
  address: string;
  /** Bytes of the whole file. */
  total: number;
}

/** The beginning of a file that one device is sending. */
export class Part implements PartName {
  readonly party: string;
  readonly device: string;
  readonly address: string;
  readonly total: number;
  readonly path: string;
  /** Additions come one after the other. */
  readonly turn = new Serial();
  /** When it was last added to, in milliseconds since 1970. */
  touchedMs: number;
  #have: number;
  #hash: Hash | undefined;

  constructor(name: PartName, path: string, have: number, touchedMs: number) {
    this.party = name.party;
    this.device = name.device;
    this.address = name.address;
    this.total = name.total;
    this.path = path;
    this.touchedMs = touchedMs;
    this.#have = have;
    if (have === 0) this.#hash = createHash('sha512');
  }

  /** Bytes that are on the disk. */
  get have(): number {
    return this.#have;
  }

  /** Adds bytes; resolves when they are on the disk. What a failure leaves is cut off again. */
  async add(bytes: Uint8Array): Promise<void> {
    if (this.#have === 0) await makeDirectoryDurably(dirname(this.path));
    const file = await open(this.path, this.#have === 0 ? 'w' : 'r+', 0o600);
    try {
      await writeAll(file, bytes, this.#have);
      await file.datasync();
    } catch (error) {
      // If this fails as well, the next addition writes over it.
      await file.truncate(this.#have).catch(() => {});
      throw error;
    } finally {
      await file.close();
    }
    if (this.#have === 0) await syncDirectory(dirname(this.path));
    this.#hash?.update(bytes);
    this.#have += bytes.length;
  }

  /** Whether the bytes have the hash that they are named by; only when all are there. */
  async isTrue(): Promise<boolean> {
    this.#hash ??= await this.#readHash();
    return this.#hash.copy().digest('hex') === this.address;
  }

  remove(): Promise<void> {
    return removeDurably(this.path);
  }

  /** After a restart the beginning is read once more. */
  async #readHash(): Promise<Hash> {
    const hash = createHash('sha512');
    for await (const chunk of createReadStream(this.path)) hash.update(chunk as Buffer);
    return hash;
  }
}

async function writeAll(
  file: Awaited<ReturnType<typeof open>>,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}
