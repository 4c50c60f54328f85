import type { Change, Records } from '#client/ports.ts';
import { answerOf, committed, writing } from './database.ts';

/** Records in IndexedDB, whose transactions are what the outbox relies on (S49). */
export class IndexedRecords implements Records {
  readonly #database: () => IDBDatabase;

  constructor(database: () => IDBDatabase) {
    this.#database = database;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const store = this.#database().transaction('records').objectStore('records');
    const found: unknown = await answerOf(store.get(key));
    return found instanceof Uint8Array ? found : undefined;
  }

  async list(prefix: string): Promise<readonly { key: string; value: Uint8Array }[]> {
    const store = this.#database().transaction('records').objectStore('records');
    // Keys are ASCII, so U+FFFF lies behind each of them.
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const [keys, values] = await Promise.all([
      answerOf(store.getAllKeys(range)),
      answerOf<unknown[]>(store.getAll(range)),
    ]);
    return keys.flatMap((key, index) => {
      const value = values[index];
      return typeof key === 'string' && value instanceof Uint8Array ? [{ key, value }] : [];
    });
  }

  async write(changes: readonly Change[]): Promise<void> {
    const transaction = writing(this.#database(), 'records');
    const store = transaction.objectStore('records');
    for (const { key, value } of changes) {
      if (value) store.put(value, key);
      else store.delete(key);
    }
    await committed(transaction);
  }
}
