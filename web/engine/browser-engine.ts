import { strictEngine } from '#protocol/crypto/self-test.ts';
import type { Engine } from '#protocol/ports.ts';

/**
 * Randomness and verification of WebCrypto, which is about a hundred times faster than plain
 * script. A browser that fails the self-test gets the reference verdict instead.
 */
export function browserEngine(): Promise<Engine> {
  return strictEngine({
    async verify(key, message, signature) {
      const raw = Uint8Array.from(key);
      const imported = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
      const [own, data] = [Uint8Array.from(signature), Uint8Array.from(message)];
      return crypto.subtle.verify('Ed25519', imported, own, data);
    },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
}
