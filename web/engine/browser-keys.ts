import type { DeviceKeys, KeyStore } from '#client/ports.ts';
import { answerOf, committed, writing } from './database.ts';
import { madePair, madeSeeds, pairKeys, seedKeys, type StoredKeys } from './key-forms.ts';

/**
 * Keys in IndexedDB: CryptoKeys that script cannot read out. Where the browser lacks Ed25519 or
 * X25519, seeds sealed under such a key take their place, and are in memory while in use.
 */
export class BrowserKeys implements KeyStore {
  readonly #database: () => IDBDatabase;
  /** Asked for once: two records that are first wrapped together would get two keys. */
  #wrappingKey: Promise<CryptoKey> | undefined;

  constructor(database: () => IDBDatabase) {
    this.#database = database;
  }

  async device(create: boolean): Promise<DeviceKeys | undefined> {
    let stored = (await this.#get('device')) as StoredKeys | undefined;
    if (!stored) {
      if (!create) return undefined;
      stored = (await madePair()) ?? (await madeSeeds((secret) => this.wrap(secret)));
      await this.#put('device', stored);
    }
    if (stored.form === 'pair') return pairKeys(stored);
    const seeds = await this.unwrap(stored.wrapped);
    if (!seeds) throw new Error('the device keys cannot be opened');
    return seedKeys(seeds);
  }

  async wrap(secret: Uint8Array): Promise<Uint8Array> {
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const algorithm = { name: 'AES-GCM', iv: nonce };
    const sealed = await crypto.subtle.encrypt(algorithm, await this.#wrapping(), own(secret));
    return joined(nonce, new Uint8Array(sealed));
  }

  async unwrap(wrapped: Uint8Array): Promise<Uint8Array | undefined> {
    const algorithm = { name: 'AES-GCM', iv: own(wrapped.subarray(0, 12)) };
    const key = await this.#wrapping();
    try {
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, own(wrapped.subarray(12))));
    } catch {
      // WebCrypto tells damage and a wrong key by rejecting; the caller decides what it means.
      return undefined;
    }
  }

  async forget(): Promise<void> {
    this.#wrappingKey = undefined;
    const transaction = writing(this.#database(), 'keys');
    transaction.objectStore('keys').clear();
    await committed(transaction);
  }

  #wrapping(): Promise<CryptoKey> {
    this.#wrappingKey ??= this.#findWrapping().catch((error: unknown) => {
      this.#wrappingKey = undefined;
      throw error;
    });
    return this.#wrappingKey;
  }

  async #findWrapping(): Promise<CryptoKey> {
    const found = await this.#get('wrapping');
    if (found instanceof CryptoKey) return found;
    const algorithm = { name: 'AES-GCM', length: 256 };
    const made = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']);
    await this.#put('wrapping', made);
    return made;
  }

  #get(name: string): Promise<unknown> {
    return answerOf(this.#database().transaction('keys').objectStore('keys').get(name));
  }

  async #put(name: string, value: unknown): Promise<void> {
    const transaction = writing(this.#database(), 'keys');
    transaction.objectStore('keys').put(value, name);
    await committed(transaction);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** WebCrypto takes no view on shared memory; a copy is certainly none. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}
