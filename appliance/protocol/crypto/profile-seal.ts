import { H, H32 } from '../codec/hash.ts';
import type { Engine } from '../ports.ts';
import type { Parsed } from '../verdict.ts';
import type { Sealing } from './message-seal.ts';
import { openText, sealText } from './seal.ts';

/**
 * Seals a conversation's profile, a vCard 4.0 (RFC 6350), as the blob of a `profile`
 * commit. The key is bound to its purpose; the nonce is that of K16.
 */
export function sealProfile(
  engine: Engine,
  { epochKey, deviceSecret }: Sealing,
  vcard: string,
): Uint8Array {
  const nonce = H('n', epochKey, deviceSecret, 'profile', vcard, engine.random(32)).subarray(0, 24);
  return sealText(H32('profile', epochKey), nonce, vcard);
}

/** Opens a profile blob with the key of the epoch that its commit names. */
export function openProfile(epochKey: Uint8Array, blob: Uint8Array): Parsed<string> {
  return openText(H32('profile', epochKey), blob);
}
