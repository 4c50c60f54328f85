import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { strictEngine } from '#protocol/crypto/self-test.ts';
import type { Engine } from '#protocol/ports.ts';

/** Verification by OpenSSL, randomness by the system. */
export const nodeEngine: Engine = {
  verify: async (key, message, signature) => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') };
    return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
  },
  random: (length) => new Uint8Array(randomBytes(length)),
};

let checked: Promise<Engine> | undefined;

/** The engine after its self-test, which one process needs once. */
export function checkedEngine(): Promise<Engine> {
  checked ??= strictEngine(nodeEngine);
  return checked;
}
