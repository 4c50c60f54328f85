import { randomBytes } from 'node:crypto';
import type { DeviceKeys, KeyStore } from '#client/ports.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { readIfThere, removeDurably, writeDurably } from './durable.ts';
import { seal, unseal } from './sealing.ts';

/** Where each key stands in the opened file. */
const layout = { wrapping: [0, 32], signing: [32, 64], agreement: [64, 96] } as const;

/**
 * The device's keys in one sealed file: the key that wraps records, and once there is a device its
 * two seeds. They are in memory while the program runs, and nowhere else in clear.
 */
export class DiskKeys implements KeyStore {
  readonly #path: string;
  readonly #key: Uint8Array;
  #bytes: Promise<Uint8Array> | undefined;

  constructor(path: string, key: Uint8Array) {
    this.#path = path;
    this.#key = key;
  }

  async device(create: boolean): Promise<DeviceKeys | undefined> {
    let bytes = await this.#open();
    if (bytes.length < layout.agreement[1]) {
      if (!create) return undefined;
      bytes = Buffer.concat([bytes, randomBytes(64)]);
      await this.#keep(bytes);
    }
    return {
      signer: seedSigner(bytes.slice(...layout.signing)),
      agreement: scalarKey(bytes.slice(...layout.agreement)),
    };
  }

  async wrap(secret: Uint8Array): Promise<Uint8Array> {
    return seal((await this.#open()).subarray(...layout.wrapping), secret, 'record');
  }

  async unwrap(wrapped: Uint8Array): Promise<Uint8Array | undefined> {
    return unseal((await this.#open()).subarray(...layout.wrapping), wrapped, 'record');
  }

  async forget(): Promise<void> {
    this.#bytes = undefined;
    await removeDurably(this.#path);
  }

  #open(): Promise<Uint8Array> {
    this.#bytes ??= this.#read();
    return this.#bytes;
  }

  async #read(): Promise<Uint8Array> {
    const stored = await readIfThere(this.#path);
    const opened = stored && unseal(this.#key, stored, 'keys');
    if (stored && !opened) throw new Error('the keys of this device were changed on the disk');
    if (opened) return opened;
    const fresh = new Uint8Array(randomBytes(32));
    await this.#keep(fresh);
    return fresh;
  }

  async #keep(bytes: Uint8Array): Promise<void> {
    await writeDurably(this.#path, seal(this.#key, bytes, 'keys'));
    this.#bytes = Promise.resolve(new Uint8Array(bytes));
  }
}
