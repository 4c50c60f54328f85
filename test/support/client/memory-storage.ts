import type { Change, Records, Repository, Storage } from '#client/ports.ts';
import type { GitObject } from '#protocol/pack/object.ts';

/** How a device's disk is when the power goes: what was flushed, and nothing else. */
export interface DiskImage {
  records: Map<string, Uint8Array>;
  repositories: Map<string, { objects: Map<string, GitObject>; refs: Map<string, string> }>;
}

/**
 * A device's storage in memory that can lose power: git objects and refs that were not flushed
 * are gone, a transaction of records is there wholly or not at all.
 */
export class MemoryStorage implements Storage {
  readonly records: Records;
  readonly #repositories = new Map<string, MemoryRepository>();
  readonly #disk: Map<string, Uint8Array>;
  /** Set by a test: writes reject from then on, as on a full disk. */
  isFull = false;
  /** Called with each transaction before it is kept. */
  onWrite: (changes: readonly Change[]) => void = () => undefined;

  constructor(image?: DiskImage) {
    this.#disk = image?.records ?? new Map<string, Uint8Array>();
    for (const [cid, held] of image?.repositories ?? []) {
      this.#repositories.set(cid, new MemoryRepository(held.objects, held.refs));
    }
    this.records = {
      get: (key) => Promise.resolve(this.#disk.get(key)),
      list: (prefix) =>
        Promise.resolve(
          [...this.#disk]
            .filter(([key]) => key.startsWith(prefix))
            .map(([key, value]) => ({ key, value }))
            .sort((a, b) => (a.key < b.key ? -1 : 1)),
        ),
      write: (changes) => {
        if (this.isFull) return Promise.reject(new Error('the disk is full'));
        this.onWrite(changes);
        for (const { key, value } of changes) {
          if (value) this.#disk.set(key, value);
          else this.#disk.delete(key);
        }
        return Promise.resolve();
      },
    };
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  repository(cid: string): Promise<Repository> {
    const found = this.#repositories.get(cid) ?? new MemoryRepository();
    this.#repositories.set(cid, found);
    return Promise.resolve(found);
  }

  forget(): Promise<void> {
    this.#repositories.clear();
    return Promise.resolve();
  }

  /** What a new start would find if the power went now. */
  image(): DiskImage {
    return {
      records: new Map(this.#disk),
      repositories: new Map(
        [...this.#repositories].map(([cid, repository]) => [cid, repository.flushed()]),
      ),
    };
  }
}

class MemoryRepository implements Repository {
  #objects: Map<string, GitObject>;
  #refs: Map<string, string>;
  #flushed: { objects: Map<string, GitObject>; refs: Map<string, string> };

  constructor(objects = new Map<string, GitObject>(), refs = new Map<string, string>()) {
    this.#objects = new Map(objects);
    this.#refs = new Map(refs);
    this.#flushed = { objects: new Map(objects), refs: new Map(refs) };
  }

  flushed(): { objects: Map<string, GitObject>; refs: Map<string, string> } {
    return { objects: new Map(this.#flushed.objects), refs: new Map(this.#flushed.refs) };
  }

  read(oid: string): Promise<GitObject | undefined> {
    return Promise.resolve(this.#objects.get(oid));
  }

  write(objects: readonly GitObject[]): Promise<void> {
    for (const object of objects) this.#objects.set(object.oid, object);
    return Promise.resolve();
  }

  refs(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map(this.#refs));
  }

  moveRef(name: string, oid: string): Promise<void> {
    this.#refs.set(name, oid);
    return Promise.resolve();
  }

  flush(): Promise<void> {
    this.#flushed = { objects: new Map(this.#objects), refs: new Map(this.#refs) };
    return Promise.resolve();
  }
}
