import { createHash } from 'node:crypto';
import { b32, b64u } from './text-form.ts';

/** `H(tag, a, b …)` of SWARM §2: SHA-512 with a tag and the length of every part. Texts are UTF-8. */
export function H(tag: string, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha512').update(`swarm1/${tag}\0`);
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.digest();
}

/** Fingerprint of a key (SWARM §2): `fp-device`, `fp-member` or `fp-party`. */
export function fingerprintOf(
  tag: 'fp-device' | 'fp-member' | 'fp-party',
  key: Uint8Array,
): string {
  return b32(H(tag, key).subarray(0, 32));
}

/** Identity of a commit (B1): over the whole raw object, the signature included. */
export function sidOf(raw: Uint8Array): string {
  return b64u(H('sid', raw));
}

/** Identity of a conversation: the start of its genesis' identity. */
export function cidOf(sid: string): string {
  return b32(Buffer.from(sid, 'base64url').subarray(0, 32));
}

/** The name git gives an object. It proves nothing here. */
export function gitName(type: string, body: Uint8Array): string {
  return createHash('sha1').update(`${type} ${body.length}\0`).update(body).digest('hex');
}

/** SHA-512, hex. */
export function sha512(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('hex');
}
