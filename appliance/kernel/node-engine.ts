import { createPublicKey, randomBytes, verify } from 'node:crypto';
import type { Engine } from '#protocol/ports.ts';

/** RFC 8410: what comes before the 32 raw bytes in an Ed25519 SubjectPublicKeyInfo. */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

/** Ed25519 of OpenSSL, some eighty times faster than plain JavaScript (SWARM §11.6). */
export const nodeEngine: Engine = {
  verify(key, message, signature) {
    try {
      const spki = Buffer.concat([spkiHead, key]);
      const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
      return Promise.resolve(verify(null, message, publicKey, signature));
    } catch {
      // OpenSSL refuses some keys by throwing; a peer's key is never our error.
      return Promise.resolve(false);
    }
  },
  random: (length) => new Uint8Array(randomBytes(length)),
};
