import { keyFromShared, scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner, signable } from '#protocol/crypto/sign.ts';
import type { DeviceKeys } from '#client/ports.ts';

/** Device keys as IndexedDB keeps them. */
export type StoredKeys = StoredPair | { form: 'seeds'; wrapped: Uint8Array };

/** Two pairs whose private halves no script can read out. */
export interface StoredPair {
  form: 'pair';
  signing: CryptoKeyPair;
  agreement: CryptoKeyPair;
}

/** Makes native keys; undefined where the browser lacks Ed25519 or X25519. */
export async function madePair(): Promise<StoredPair | undefined> {
  try {
    const signing = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    const agreement = await crypto.subtle.generateKey('X25519', false, ['deriveBits']);
    return {
      form: 'pair',
      signing: signing as CryptoKeyPair,
      agreement: agreement as CryptoKeyPair,
    };
  } catch {
    // Unknown algorithms are told by rejecting; older browsers then get sealed seeds.
    return undefined;
  }
}

/** Makes 32 + 32 bytes of seed and seals them. */
export async function madeSeeds(
  wrap: (secret: Uint8Array) => Promise<Uint8Array>,
): Promise<StoredKeys> {
  const seeds = crypto.getRandomValues(new Uint8Array(64));
  return { form: 'seeds', wrapped: await wrap(seeds) };
}

/** Uses native keys. */
export async function pairKeys({ signing, agreement }: StoredPair): Promise<DeviceKeys> {
  return {
    signer: {
      publicKey: await publicBytes(signing.publicKey),
      async sign(namespace, message) {
        const data = Uint8Array.from(signable(namespace, message));
        return new Uint8Array(await crypto.subtle.sign('Ed25519', signing.privateKey, data));
      },
    },
    agreement: {
      publicKey: await publicBytes(agreement.publicKey),
      async shared(peer) {
        const raw = Uint8Array.from(peer);
        const other = await crypto.subtle.importKey('raw', raw, 'X25519', false, []);
        const algorithm = { name: 'X25519', public: other };
        const bits = await crypto.subtle.deriveBits(algorithm, agreement.privateKey, 256);
        return keyFromShared(new Uint8Array(bits));
      },
    },
  };
}

/** Uses opened seeds: 32 bytes Ed25519, 32 bytes X25519. */
export function seedKeys(seeds: Uint8Array): DeviceKeys {
  return {
    signer: seedSigner(seeds.slice(0, 32)),
    agreement: scalarKey(seeds.slice(32, 64)),
  };
}

async function publicBytes(key: CryptoKey): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.exportKey('raw', key));
}
