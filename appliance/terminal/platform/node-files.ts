import { createHash, webcrypto } from 'node:crypto';
import type { FilePlatform, PartStore } from '#client/files/ports.ts';
import type { Cipher, FileHashes, RunningHash } from '#protocol/ports.ts';

const { subtle } = webcrypto;

/** AES-GCM and HKDF of WebCrypto, which works beside the program instead of in its way. */
const nodeCipher: Cipher = {
  async key(bytes) {
    const key = await subtle.importKey('raw', own(bytes), 'AES-GCM', false, ['encrypt', 'decrypt']);
    return {
      async seal(nonce, plain, data) {
        return new Uint8Array(await subtle.encrypt(parameters(nonce, data), key, own(plain)));
      },
      async open(nonce, sealed, data) {
        try {
          return new Uint8Array(await subtle.decrypt(parameters(nonce, data), key, own(sealed)));
        } catch {
          // WebCrypto tells damage by rejecting.
          return undefined;
        }
      },
    };
  },
  async derive(hash, secret, info, length) {
    const key = await subtle.importKey('raw', own(secret), 'HKDF', false, ['deriveBits']);
    const algorithm = { name: 'HKDF', hash, salt: new Uint8Array(0), info: own(info) };
    return new Uint8Array(await subtle.deriveBits(algorithm, key, length * 8));
  },
};

/** Hashes of OpenSSL. */
const nodeHashes: FileHashes = {
  sha512: () => Promise.resolve(running('sha512')),
  sha3: () => Promise.resolve(running('sha3-512')),
};

/** What Node lends to files. A whole file stays a stream: it need not fit into the memory. */
export function nodeFiles(parts: PartStore): FilePlatform {
  return {
    cipher: nodeCipher,
    hashes: nodeHashes,
    parts,
    whole: (pieces) => Promise.resolve(pieces),
  };
}

function running(name: string): RunningHash {
  const hash = createHash(name);
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
  };
}

function parameters(nonce: Uint8Array, data: Uint8Array | undefined) {
  const iv = own(nonce);
  return { name: 'AES-GCM', iv, ...(data !== undefined && { additionalData: own(data) }) };
}

/** WebCrypto takes no view of memory that may be shared; ours never is. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
