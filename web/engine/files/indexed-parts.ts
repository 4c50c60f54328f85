import type { PartStore } from '#client/files/ports.ts';
import { answerOf, committed, writing } from '../database.ts';

/** Parts of files in IndexedDB under `[file, index]`; a record holds a mebibyte of ciphertext. */
export class IndexedParts implements PartStore {
  readonly #database: () => IDBDatabase;

  constructor(database: () => IDBDatabase) {
    this.#database = database;
  }

  async write(file: string, index: number, bytes: Uint8Array): Promise<void> {
    const transaction = writing(this.#database(), 'parts');
    transaction.objectStore('parts').put(bytes, [file, index]);
    await committed(transaction);
  }

  async read(file: string, index: number): Promise<Uint8Array | undefined> {
    const found: unknown = await answerOf(this.#reading().get([file, index]));
    return found instanceof Uint8Array ? found : undefined;
  }

  async count(file: string): Promise<number> {
    const keys = await answerOf(this.#reading().getAllKeys(allOf(file)));
    const indices = keys.map((key) => (Array.isArray(key) ? key[1] : undefined));
    const gap = indices.findIndex((index, place) => index !== place);
    return gap < 0 ? indices.length : gap;
  }

  async files(): Promise<readonly string[]> {
    const found: string[] = [];
    const store = this.#reading();
    // From the first part of each file to the next file, without touching the parts between.
    for (let range: IDBKeyRange | null = null; ;) {
      const cursor = await answerOf(store.openKeyCursor(range));
      const file: unknown = Array.isArray(cursor?.key) ? cursor.key[0] : undefined;
      if (typeof file !== 'string') return found;
      found.push(file);
      range = IDBKeyRange.lowerBound([file, []], true);
    }
  }

  async remove(file: string): Promise<void> {
    const transaction = writing(this.#database(), 'parts');
    transaction.objectStore('parts').delete(allOf(file));
    await committed(transaction);
  }

  #reading(): IDBObjectStore {
    return this.#database().transaction('parts').objectStore('parts');
  }
}

/** Every part of a file: arrays lie behind all numbers in IndexedDB's order. */
function allOf(file: string): IDBKeyRange {
  return IDBKeyRange.bound([file, 0], [file, []]);
}
