import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import type { DeviceKeys, KeyStore } from '#client/ports.ts';

/** A device's keys in memory, wrapping with AES-256-GCM as the browser does. */
export class MemoryKeys implements KeyStore {
  readonly #wrapping = randomBytes(32);
  #device: DeviceKeys | undefined;

  device(create: boolean): Promise<DeviceKeys | undefined> {
    if (!this.#device && create) {
      this.#device = {
        signer: seedSigner(new Uint8Array(randomBytes(32))),
        agreement: scalarKey(new Uint8Array(randomBytes(32))),
      };
    }
    return Promise.resolve(this.#device);
  }

  wrap(secret: Uint8Array): Promise<Uint8Array> {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#wrapping, nonce);
    const sealed = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
    return Promise.resolve(new Uint8Array(Buffer.concat([nonce, sealed])));
  }

  unwrap(wrapped: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#wrapping, wrapped.subarray(0, 12));
      decipher.setAuthTag(wrapped.subarray(-16));
      const plain = Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]);
      return Promise.resolve(new Uint8Array(plain));
    } catch {
      return Promise.resolve(undefined);
    }
  }

  forget(): Promise<void> {
    this.#device = undefined;
    return Promise.resolve();
  }
}
