import { fromUtf8, utf8 } from '#protocol/codec/bytes.ts';
import type { Change, KeyStore, Records } from './ports.ts';
import { problem } from './problem.ts';

/** A change of the vault; `value` absent deletes. */
export interface VaultChange {
  key: string;
  value?: unknown;
}

/**
 * Small records of this device as JSON, each sealed under the device's wrapping key: somebody
 * who copies the disk of the profile reads none of them. Bytes in records are b64u text.
 */
export class Vault {
  readonly #records: Records;
  readonly #keys: KeyStore;

  constructor(records: Records, keys: KeyStore) {
    this.#records = records;
    this.#keys = keys;
  }

  /** The record as it was written. Its type is the writer's; nobody else can have written it. */
  async get<T>(key: string): Promise<T | undefined> {
    const value = await this.#records.get(key);
    return value && (await this.#open<T>(value));
  }

  /** All records whose key begins with `prefix`, in order of key. */
  async list<T>(prefix: string): Promise<readonly { key: string; value: T }[]> {
    const found = await this.#records.list(prefix);
    return Promise.all(
      found.map(async ({ key, value }) => ({ key, value: await this.#open<T>(value) })),
    );
  }

  /** All changes or none; on disk when it resolves. */
  async write(changes: readonly VaultChange[]): Promise<void> {
    const sealed = changes.map(async ({ key, value }) => ({
      key,
      value: value === undefined ? undefined : await this.#keys.wrap(utf8(JSON.stringify(value))),
    }));
    await this.#keep(await Promise.all(sealed));
  }

  /** Forgets everything whose key begins with one of the prefixes. */
  async clear(...prefixes: readonly string[]): Promise<void> {
    const found = await Promise.all(prefixes.map((prefix) => this.#records.list(prefix)));
    await this.#keep(found.flat().map(({ key }) => ({ key })));
  }

  /** A disk that refuses is nobody's mistake, and a person can do something about it. */
  async #keep(changes: readonly Change[]): Promise<void> {
    try {
      await this.#records.write(changes);
    } catch (error) {
      throw problem('STORAGE_FAILED', error);
    }
  }

  async #open<T>(value: Uint8Array): Promise<T> {
    const opened = await this.#keys.unwrap(value);
    const text = opened && fromUtf8(opened);
    if (text === undefined) throw new Error('a record of this device cannot be opened');
    return JSON.parse(text) as T;
  }
}
