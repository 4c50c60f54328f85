import { hmac } from '@noble/hashes/hmac.js';
import { sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { sha512 as nobleSha512 } from '@noble/hashes/sha2.js';
import type { RunningHash } from '../ports.ts';

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

/** SHA-1 of bytes that come piece by piece. */
export function runningSha1(): RunningHash {
  const hash = nobleSha1.create();
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}

/** What deriving a key costs whoever guesses (RFC 7914): about 128·N·r bytes of memory. */
export interface ScryptCost {
  n: number;
  r: number;
  p: number;
}

/** scrypt (RFC 7914), 32 bytes; `onProgress` hears a share of 1. Lets others work meanwhile. */
export function scrypt(
  secret: Uint8Array,
  salt: Uint8Array,
  { n, r, p }: ScryptCost,
  onProgress?: (share: number) => void,
): Promise<Uint8Array> {
  return scryptAsync(secret, salt, { N: n, r, p, dkLen: 32, ...(onProgress && { onProgress }) });
}

/** HMAC-SHA-512 (RFC 2104). */
export function hmacSha512(key: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac(nobleSha512, key, message);
}
