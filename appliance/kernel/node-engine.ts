import { createPublicKey, randomBytes, verify, type KeyObject } from 'node:crypto';
import type { Engine } from '#protocol/ports.ts';

/** The protocol's engine on node:crypto: OpenSSL verifies, the system gives randomness. */
export const nodeEngine: Engine = {
  verify: async (key, message, signature) => verify(null, message, keyObject(key), signature),
  random: (length) => new Uint8Array(randomBytes(length)),
};

/** More keys than a mission can have devices (K13); bounds memory if strangers send more. */
const remembered = 4096;
const keyObjects = new Map<string, KeyObject>();

/** The key for OpenSSL, remembered: reading one takes half as long as verifying with it. */
function keyObject(key: Uint8Array): KeyObject {
  const x = Buffer.from(key).toString('base64url');
  const known = keyObjects.get(x);
  if (known !== undefined) return known;
  const made = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  if (keyObjects.size >= remembered) keyObjects.delete(keyObjects.keys().next().value as string);
  keyObjects.set(x, made);
  return made;
}
