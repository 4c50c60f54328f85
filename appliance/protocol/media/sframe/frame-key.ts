import { concat, u64be, utf8 } from '../../codec/bytes.ts';
import type { Cipher, CipherKey } from '../../ports.ts';

/** A cipher suite of RFC 9605 §4.5: its number in the registry, hash, and bytes of the key. */
export interface Suite {
  id: number;
  hash: 'SHA-256' | 'SHA-512';
  keyBytes: 16 | 32;
}

/** AES_128_GCM_SHA256_128: what we send. */
export const aes128Gcm: Suite = { id: 4, hash: 'SHA-256', keyBytes: 16 };
/** AES_256_GCM_SHA512_128. */
export const aes256Gcm: Suite = { id: 5, hash: 'SHA-512', keyBytes: 32 };

const nonceBytes = 12;

/** Key and salt of one KID (RFC 9605 §4.4.2). */
export interface FrameKey {
  key: CipherKey;
  salt: Uint8Array;
}

/** The labels from which key and salt are derived: both name the KID and the suite. */
export function labels(suite: Suite, kid: bigint): { key: Uint8Array; salt: Uint8Array } {
  const place = concat(u64(kid), Uint8Array.of(0, suite.id));
  return {
    key: concat(utf8('SFrame 1.0 Secret key '), place),
    salt: concat(utf8('SFrame 1.0 Secret salt '), place),
  };
}

/** Derives key and salt of a KID from its sender's base key. */
export async function frameKey(
  cipher: Cipher,
  suite: Suite,
  kid: bigint,
  base: Uint8Array,
): Promise<FrameKey> {
  const label = labels(suite, kid);
  const [key, salt] = await Promise.all([
    cipher.derive(suite.hash, base, label.key, suite.keyBytes),
    cipher.derive(suite.hash, base, label.salt, nonceBytes),
  ]);
  return { key: await cipher.key(key), salt };
}

/** The nonce of a frame: the salt with the counter mixed into its end (RFC 9605 §4.4.3). */
export function frameNonce(salt: Uint8Array, ctr: bigint): Uint8Array {
  const nonce = salt.slice();
  const counter = u64(ctr);
  for (let i = 0; i < 8; i++) nonce[i + 4] = (nonce[i + 4] as number) ^ (counter[i] as number);
  return nonce;
}

function u64(value: bigint): Uint8Array {
  const bytes = u64be(0);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}
