import { createPublicKey, randomBytes, verify } from 'node:crypto';
import type { Engine } from '#protocol/ports.ts';

/** The protocol's engine on node:crypto: OpenSSL verifies, the system gives randomness. */
export const nodeEngine: Engine = {
  verify: async (key, message, signature) => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') };
    return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
  },
  random: (length) => new Uint8Array(randomBytes(length)),
};
