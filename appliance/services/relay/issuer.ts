import { randomBytes } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import { issueCredential } from './credentials.ts';
import type { TurnCredentials } from './turn-provider.ts';

/** The box's name in STUN; part of every key, shown to nobody. */
export const REALM = 'parley';

/** Makes credentials; the server that checks them needs only the secret. */
export class Issuer {
  /** Text, because coturn reads it from a text file. Lasts as long as the box, so that credentials outlive a restart of the server. */
  readonly secret = randomBytes(32).toString('hex');
  readonly #clock: Clock;
  readonly #maxSeconds: number;

  /** None is good for longer than `maxSeconds`. */
  constructor(clock: Clock, maxSeconds: number) {
    this.#clock = clock;
    this.#maxSeconds = maxSeconds;
  }

  /** For a device, with the URLs of a server on these addresses. */
  issue(
    device: string,
    ttlSeconds: number,
    addresses: readonly string[],
    port: number,
  ): TurnCredentials {
    const ttl = Math.floor(Math.min(Math.max(ttlSeconds, 1), this.#maxSeconds));
    const expirySeconds = Math.floor(this.#clock.now() / 1000) + ttl;
    const urls = addresses.flatMap((address) => [
      `stun:${address}:${port}`,
      `turn:${address}:${port}?transport=udp`,
      `turn:${address}:${port}?transport=tcp`,
    ]);
    return { urls, ...issueCredential(Buffer.from(this.secret), device, expirySeconds), ttl };
  }
}
