import { statfs } from 'node:fs/promises';
import type { ByteRange } from '#kernel/byte-range.ts';
import type { Clock } from '#kernel/clock.ts';
import { makeDirectoryDurably } from '#kernel/durable-file.ts';
import { systemCode } from '#kernel/refusal.ts';
import type { Caller } from '#kernel/route.ts';
import type { FilesConfig } from './config.ts';
import type { FilesCode } from './errors.ts';
import type { FileShelf } from './file-shelf.ts';
import type { Owners } from './owners.ts';
import type { Part } from './part.ts';
import type { Quarantine } from './quarantine.ts';

/** Room that a file takes on the disk at least: stops a million files of one byte. */
const BLOCK_BYTES = 4096;
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What uploads are built from. */
export interface UploadsDeps {
  shelf: FileShelf;
  quarantine: Quarantine;
  owners: Owners;
  /** Directory whose disk is looked at. */
  directory: string;
  partiesCount(): number;
  clock: Clock;
}

/** How far a file is: whole when `have` is `size`. */
export interface Progress {
  have: number;
  size: number;
}

/** The progress, or why not; where the file stands if that helps. */
export type Outcome = Progress | { code: FilesCode; at?: Progress };

/** Takes files in, part after part, and lets nobody have more than their share. */
export class Uploads {
  readonly #deps: UploadsDeps;
  readonly #config: FilesConfig;
  /** While the mission is being sealed, additions wait for how that ends. */
  #sealing: Promise<void> | undefined;
  #isSealed = false;

  constructor(deps: UploadsDeps, config: FilesConfig) {
    this.#deps = deps;
    this.#config = config;
  }

  /** How far a file is for this device; undefined if there is nothing of it. */
  progress(device: string, address: string): Progress | undefined {
    const { shelf, quarantine } = this.#deps;
    const size = shelf.sizes.get(address);
    if (size !== undefined) return { have: size, size };
    const part = quarantine.find(device, address);
    return part && part.have > 0 ? progressOf(part) : undefined;
  }

  /** Whether the mission was sealed before this start. */
  begin(isSealed: boolean): void {
    this.#isSealed = isSealed;
  }

  /**
   * Runs `write` while nothing is added; when it says that it did, nothing ever is again.
   * What comes meanwhile waits: nobody is refused for a sealing that fails.
   */
  async seal(write: () => Promise<boolean>): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#sealing = promise;
    try {
      await this.settled();
      this.#isSealed = (await write()) || this.#isSealed;
      return this.#isSealed;
    } finally {
      this.#sealing = undefined;
      resolve();
    }
  }

  /** Adds a part that was checked for its form. */
  async add(
    caller: Caller,
    address: string,
    range: ByteRange & { total: number },
    bytes: Uint8Array,
  ): Promise<Outcome> {
    while (this.#sealing) await this.#sealing;
    if (this.#isSealed) return { code: 'FILES_SEALED' };
    const found = this.#deps.quarantine.find(caller.device, address);
    const part = found ?? this.#begin(caller, address, range.total);
    if ('code' in part) return part;
    return part.turn.run(() => this.#addInTurn(part, range, bytes));
  }

  /** Removes what nobody has added to for long. */
  async sweep(): Promise<void> {
    const oldestMs = this.#deps.clock.now() - this.#config.idleHours * 3_600_000;
    for (const part of [...this.#deps.quarantine.parts]) {
      if (part.touchedMs < oldestMs) await part.turn.run(() => this.#drop(part));
    }
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await Promise.all([...this.#deps.quarantine.parts].map(({ turn }) => turn.run(async () => {})));
  }

  #begin(caller: Caller, address: string, total: number): Part | { code: FilesCode } {
    const { shelf, quarantine, clock } = this.#deps;
    const { maxFileBytes, uploadsPerDeviceCount } = this.#config;
    if (total > maxFileBytes) return { code: 'FILES_TOO_LARGE' };
    const own = [...quarantine.parts].filter(({ device }) => device === caller.device);
    if (own.length >= uploadsPerDeviceCount) return { code: 'FILES_CROWD' };
    const isThere = shelf.sizes.has(address);
    if (!isThere && !this.#hasRoom(caller.party, total)) return { code: 'FILES_SHARE_USED' };
    const { party, device } = caller;
    return quarantine.begin({ party, device, address, total }, clock.now());
  }

  async #addInTurn(
    part: Part,
    { from, total }: ByteRange & { total: number },
    bytes: Uint8Array,
  ): Promise<Outcome> {
    const { shelf, quarantine, clock } = this.#deps;
    const size = shelf.sizes.get(part.address);
    if (size !== undefined) {
      await this.#drop(part);
      return { have: size, size };
    }
    // Removed while this addition was waiting.
    const isGone = quarantine.find(part.device, part.address) !== part;
    if (isGone || from !== part.have || total !== part.total) {
      const at = isGone ? undefined : progressOf(part);
      if (part.have === 0) quarantine.forget(part);
      return { code: 'FILES_OFFSET_WRONG', ...(at && { at }) };
    }
    part.touchedMs = clock.now();
    try {
      if (!(await this.#diskHas(bytes.length))) return this.#refused(part, 'FILES_DISK_FULL');
      await part.add(bytes);
      return part.have < part.total ? progressOf(part) : await this.#finish(part);
    } catch (error) {
      const isFull = FULL.has(systemCode(error));
      return this.#refused(part, isFull ? 'FILES_DISK_FULL' : 'FILES_STORE_FAILED');
    }
  }

  async #finish(part: Part): Promise<Outcome> {
    const { shelf, quarantine, owners } = this.#deps;
    if (!(await part.isTrue())) {
      await this.#drop(part);
      return { code: 'FILES_HASH_WRONG' };
    }
    await owners.add(part.address, part.party);
    await shelf.put(part.address, part.path, part.total);
    quarantine.forget(part);
    for (const other of [...quarantine.parts]) {
      // Not waited for: another device's last bytes may be on their way.
      if (other.address === part.address) other.turn.run(() => this.#drop(other)).catch(() => {});
    }
    return { have: part.total, size: part.total };
  }

  /** A part with nothing in it holds a place and a share for nothing. */
  #refused(part: Part, code: FilesCode): Outcome {
    if (part.have === 0) this.#deps.quarantine.forget(part);
    return { code };
  }

  async #drop(part: Part): Promise<void> {
    this.#deps.quarantine.forget(part);
    await part.remove();
  }

  /**
   * Files on their way count in full from their first byte, so that two cannot overfill a share;
   * nor can all of them together be more than the record of a mission holds.
   */
  #hasRoom(party: string, bytes: number): boolean {
    const { shelf, quarantine, owners, partiesCount } = this.#deps;
    const { maxFilesCount, storeBytes } = this.#config;
    const parties = Math.max(partiesCount(), 1);
    const parts = [...quarantine.parts];
    const own = [...shelf.sizes].filter(([address]) => owners.of(address) === party);
    const sizes = own.map(([, size]) => size);
    for (const part of parts) if (part.party === party) sizes.push(part.total);
    const used = sizes.reduce((sum, size) => sum + room(size), room(bytes));
    const hasPlace = (sizes.length + 1) * parties <= maxFilesCount;
    const isInAll = shelf.sizes.size + parts.length < maxFilesCount;
    return used <= storeBytes / parties && hasPlace && isInAll;
  }

  /**
   * Whether there is room for so many bytes, and for all files once more: the record of the mission
   * copies them, and without room for it no mission would end.
   */
  async #diskHas(bytes: number): Promise<boolean> {
    const { directory, quarantine, shelf } = this.#deps;
    await makeDirectoryDurably(directory);
    const { bavail, bsize } = await statfs(directory);
    let again = 0;
    for (const size of shelf.sizes.values()) again += size;
    for (const { total } of quarantine.parts) again += total;
    return bavail * bsize - bytes >= this.#config.keepFreeBytes + again;
  }
}

function progressOf({ have, total }: Part): Progress {
  return { have, size: total };
}

function room(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
