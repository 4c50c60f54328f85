import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';

const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex');
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
const fixed = createPrivateKey({
  key: Buffer.concat([privatePrefix, Buffer.alloc(32, 1)]),
  format: 'der',
  type: 'pkcs8',
});
const prime = 2n ** 255n - 19n;

/** K10: canonical (below p, top bit clear), and a fixed scalar times it is not zero. */
export function isAgreementKey(key: Uint8Array): boolean {
  if (key.length !== 32) return false;
  if (BigInt(`0x${Buffer.from(key).reverse().toString('hex')}`) >= prime) return false;
  try {
    const der = Buffer.concat([publicPrefix, key]);
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return diffieHellman({ privateKey: fixed, publicKey }).some((byte) => byte !== 0);
  } catch {
    // OpenSSL itself refuses to agree on zero.
    return false;
  }
}
