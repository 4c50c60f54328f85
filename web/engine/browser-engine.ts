import { toB64u } from '#protocol/codec/text-form.ts';
import { strictEngine } from '#protocol/crypto/self-test.ts';
import type { Engine } from '#protocol/ports.ts';

/**
 * Randomness and verification of WebCrypto, which is about a hundred times faster than plain
 * script. A browser that fails the self-test gets the reference verdict instead.
 */
export function browserEngine(): Promise<Engine> {
  return strictEngine({
    async verify(key, message, signature) {
      const [own, data] = [Uint8Array.from(signature), Uint8Array.from(message)];
      return crypto.subtle.verify('Ed25519', await imported(key), own, data);
    },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
}

/** More keys than a mission can have devices (K13); bounds memory if strangers send more. */
const remembered = 4096;
const keys = new Map<string, Promise<CryptoKey>>();

/** The key for the browser, remembered: each goes to another process and back. */
function imported(key: Uint8Array): Promise<CryptoKey> {
  const name = toB64u(key);
  const known = keys.get(name);
  if (known !== undefined) return known;
  const made = crypto.subtle.importKey('raw', Uint8Array.from(key), 'Ed25519', false, ['verify']);
  if (keys.size >= remembered) keys.delete(keys.keys().next().value as string);
  keys.set(name, made);
  return made;
}
