import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectoryDurably, writeDurably } from '#kernel/durable-file.ts';
import { durableRecord, type DurableRecord } from '#kernel/durable-record.ts';
import { systemCode } from '#kernel/refusal.ts';
import { isFingerprint } from '#protocol/codec/fingerprint.ts';
import { sha512 } from '#protocol/codec/digest.ts';
import { fields, integer, list, oneOf, text, tuple, type Guard } from '#protocol/codec/shape.ts';
import { toHex } from '#protocol/codec/text-form.ts';
import type { FilesService } from '../../files/index.ts';
import type { SealedSwarm, SwarmService } from '../../swarm/index.ts';

/** What the record is made of: everything the box had when the mission was ready for it (T3). */
export interface Sealed {
  v: 1;
  /** The mission. */
  cid: string;
  /** The mission first. */
  swarms: SealedSwarm[];
  /** Addresses with sizes in bytes, sorted. */
  files: (readonly [address: string, size: number])[];
  /** SHA-512 of the offline reader, hex. */
  reader?: string;
}

const most = 1_048_576;
const count = integer(0, Number.MAX_SAFE_INTEGER);
const isSealed = fields(
  {
    v: oneOf(1),
    cid: isFingerprint,
    swarms: list(
      fields({
        cid: isFingerprint,
        heads: list(tuple(text(1, 256), text(40, 40)), 0, most),
        receiptBytes: count,
      }),
      1,
      most,
    ),
    files: list(tuple(text(128, 128), count), 0, most),
  },
  { reader: text(128, 128) },
) as Guard<Sealed>;

/** What is sealed. */
export interface SealDeps {
  swarm: Pick<SwarmService, 'seal'>;
  files: Pick<FilesService, 'seal'> | undefined;
  /** `mission/record`. */
  directory: string;
  /** Where the built app lies, and the reader in it. */
  bundleDirectory: string;
}

/** The note of what was sealed, and the reader as it was then. */
export class Seal {
  readonly #deps: SealDeps;
  readonly #record: DurableRecord<Sealed>;
  #sealed: Sealed | undefined;

  constructor(deps: SealDeps) {
    this.#deps = deps;
    this.#record = durableRecord(sealPath(deps.directory), isSealed);
  }

  /** What was sealed; undefined before. */
  get sealed(): Sealed | undefined {
    return this.#sealed;
  }

  /** Reads the note. Throws for one that is damaged or of another mission. */
  async open(cid: string | undefined): Promise<void> {
    this.#sealed = await this.#record.read();
    if (this.#sealed && this.#sealed.cid !== cid) throw new Error('another mission was sealed');
  }

  /**
   * Puts down what there is, if `isReady` still says so when nothing moves any more. On the disk
   * before anything is refused because of it: whatever was taken is in the record.
   */
  async close(cid: string, isReady: () => boolean): Promise<void> {
    const { swarm, files, directory } = this.#deps;
    await makeDirectoryDurably(directory);
    const reader = await this.#keepReader();
    await swarm.seal(async (swarms) => {
      if (!isReady()) return false;
      const write = async (held: Sealed['files']): Promise<boolean> => {
        const sealed: Sealed = { v: 1, cid, swarms, files: held, ...(reader && { reader }) };
        await this.#record.write(sealed);
        this.#sealed = sealed;
        return true;
      };
      return files ? files.seal(write) : write([]);
    });
  }

  /** The reader that belongs into the record; undefined if there was none. */
  async reader(): Promise<Uint8Array | undefined> {
    const hash = this.#sealed?.reader;
    if (hash === undefined) return undefined;
    const bytes = await readIfThere(this.#readerPath);
    if (!bytes || toHex(sha512(bytes)) !== hash) throw new Error('the reader is damaged');
    return bytes;
  }

  /** The app may be built anew before the record is, so the reader is copied. */
  async #keepReader(): Promise<string | undefined> {
    const bytes = await readIfThere(join(this.#deps.bundleDirectory, 'reader.html'));
    if (!bytes) return undefined;
    await writeDurably(this.#readerPath, bytes);
    return toHex(sha512(bytes));
  }

  get #readerPath(): string {
    return join(this.#deps.directory, 'reader.html');
  }
}

/** Whether the mission of this data directory was sealed: asked before anything is taken. */
export async function wasSealed(path: (below: string) => string): Promise<boolean> {
  return (await readIfThere(sealPath(path('mission/record')))) !== undefined;
}

function sealPath(directory: string): string {
  return join(directory, 'sealed.json');
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
