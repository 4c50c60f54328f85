import type { Repository, Storage } from '#client/ports.ts';
import { openDatabase } from './database.ts';
import { openFileSystem, type FileSystem } from './file-system.ts';
import { GitRepository } from './git-repository.ts';
import { IndexedRecords } from './indexed-records.ts';

/** What this browser profile keeps: one database for records and keys, one for git's files. */
export class BrowserStorage implements Storage {
  readonly records = new IndexedRecords(() => this.database());
  readonly #name: string;
  readonly #repositories = new Map<string, Promise<Repository>>();
  #database: IDBDatabase | undefined;
  #files: FileSystem | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** The open database, for the key store. */
  database(): IDBDatabase {
    if (!this.#database) throw new Error('storage is not open');
    return this.#database;
  }

  async open(): Promise<void> {
    this.#database ??= await openDatabase(this.#name);
    this.#files ??= openFileSystem(`${this.#name}-git`);
    // Asks the browser not to evict; it may say no, and everything still works. Firefox asks the
    // person, and answers only when they have: nothing may wait for it.
    void navigator.storage?.persist?.().catch(() => false);
  }

  async close(): Promise<void> {
    await this.#files?.flush();
    this.#database?.close();
    this.#database = undefined;
    this.#files = undefined;
    this.#repositories.clear();
  }

  async forget(): Promise<void> {
    this.#repositories.clear();
    await this.#files?.wipe();
  }

  repository(cid: string): Promise<Repository> {
    const open = this.#repositories.get(cid);
    if (open) return open;
    if (!this.#files) return Promise.reject(new Error('storage is not open'));
    const opening = GitRepository.open(this.#files, cid);
    this.#repositories.set(cid, opening);
    return opening;
  }
}
