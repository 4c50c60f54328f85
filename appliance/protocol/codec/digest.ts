import { hmac } from '@noble/hashes/hmac.js';
import { sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { sha512 as nobleSha512 } from '@noble/hashes/sha2.js';

/** SHA-512 of the parts, as if they were one. */
export function sha512(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = nobleSha512.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** SHA-1 of the parts: names git objects, proves nothing. */
export function sha1(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = nobleSha1.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** HMAC-SHA-512 (RFC 2104). */
export function hmacSha512(key: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac(nobleSha512, key, message);
}
