import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Bytes that sealing adds: nonce and tag. */
const sealBytes = 12 + 16;

/** AES-256-GCM under a fresh random nonce; `about` must be given again to open it. */
export function seal(key: Uint8Array, plain: Uint8Array, about: string): Uint8Array {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
  const sealed = [nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()];
  return new Uint8Array(Buffer.concat(sealed));
}

/** Inverse of `seal`; undefined unless key, `about` and every byte fit. */
export function unseal(key: Uint8Array, sealed: Uint8Array, about: string): Uint8Array | undefined {
  if (sealed.length < sealBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
  decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(-16));
  try {
    const plain = [decipher.update(sealed.subarray(12, -16)), decipher.final()];
    return new Uint8Array(Buffer.concat(plain));
  } catch {
    // OpenSSL tells damage and a wrong key by throwing.
    return undefined;
  }
}

/** A key of its own for each purpose, 32 bytes. */
export function keyFor(root: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', root, '', `parley-terminal ${purpose}`, 32));
}
