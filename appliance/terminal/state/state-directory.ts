import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place, Repository, Storage } from '#client/ports.ts';
import { toB32 } from '#protocol/codec/text-form.ts';
import { openArchive } from './archive.ts';
import { readIfThere, removeDurably, syncDirectory } from './durable.ts';
import { DirectoryLock } from './directory-lock.ts';
import { DiskKeys } from './disk-keys.ts';
import { DiskParts } from './disk-parts.ts';
import { DiskRecords } from './disk-records.ts';
import { DiskRepository } from './disk-repository.ts';
import { keyFor } from './sealing.ts';

/** Name of the file that the passphrase opens. */
const archive = 'archive';

/**
 * Everything that one device keeps, in one folder: locked for one process, opened with a
 * passphrase, sealed. It is the engine's storage and its place in one.
 */
export class StateDirectory implements Storage, Place {
  readonly records: DiskRecords;
  readonly keys: DiskKeys;
  readonly parts: DiskParts;
  readonly #root: string;
  readonly #rootKey: Uint8Array;
  readonly #lock: DirectoryLock;
  readonly #repositories = new Map<string, Promise<DiskRepository>>();

  private constructor(root: string, rootKey: Uint8Array, lock: DirectoryLock) {
    this.#root = root;
    this.#rootKey = rootKey;
    this.#lock = lock;
    this.records = new DiskRecords(join(root, 'records'), keyFor(rootKey, 'records'));
    this.keys = new DiskKeys(join(root, 'keys'), keyFor(rootKey, 'keys'));
    this.parts = new DiskParts(join(root, 'parts'));
  }

  /** Whether a device was begun in this folder. */
  static async isThere(root: string): Promise<boolean> {
    return (await readIfThere(join(root, archive))) !== undefined;
  }

  /**
   * Takes and opens a directory, making it if absent. Throws a `Stop` if another process has it,
   * the passphrase is wrong or the directory was damaged.
   */
  static async open(root: string, passphrase: () => Promise<string>): Promise<StateDirectory> {
    for (const folder of [root, join(root, 'swarms'), join(root, 'parts')]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    }
    // One that was there may have been open to others.
    await chmod(root, 0o700);
    await syncDirectory(root);
    const lock = new DirectoryLock(root);
    await lock.take();
    try {
      const key = await openArchive(join(root, archive), await passphrase());
      const state = new StateDirectory(root, key, lock);
      await state.records.open();
      return state;
    } catch (error) {
      await lock.leave();
      throw error;
    }
  }

  /** It is open already: whoever has the object has the place. */
  take(): Promise<boolean> {
    return Promise.resolve(true);
  }

  leave(): void {
    // The directory outlives the engine: `release` gives it back.
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  /** The engine has stopped; records stay open for the program. */
  async close(): Promise<void> {
    const open = await Promise.all(this.#repositories.values());
    this.#repositories.clear();
    for (const repository of open) {
      await repository.flush();
      await repository.close();
    }
  }

  /** Destroys every repository. */
  async forget(): Promise<void> {
    await this.close();
    const folder = join(this.#root, 'swarms');
    for (const name of await readdir(folder)) await removeDurably(join(folder, name));
  }

  /** Ends everything and gives the directory back. Idempotent. */
  async release(): Promise<void> {
    await this.close();
    await this.records.close();
    await this.#lock.leave();
  }

  /** Destroys everything of a released directory; keys first, without which the rest is noise. */
  async destroy(): Promise<void> {
    for (const name of [archive, 'keys', 'records']) await removeDurably(join(this.#root, name));
    await rm(this.#root, { recursive: true, force: true });
  }

  repository(cid: string): Promise<Repository> {
    const open = this.#repositories.get(cid) ?? this.#openRepository(cid);
    this.#repositories.set(cid, open);
    return open;
  }

  /** Named by a key's hash: the folder does not tell which missions its owner is in. */
  async #openRepository(cid: string): Promise<DiskRepository> {
    const name = toB32(keyFor(this.#rootKey, `name ${cid}`).subarray(0, 20));
    const path = join(this.#root, 'swarms', name);
    const repository = new DiskRepository(path, keyFor(this.#rootKey, `swarm ${cid}`));
    await repository.open();
    return repository;
  }
}
