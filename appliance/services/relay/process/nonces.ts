import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const LIFE_SECONDS = 3600;

/**
 * Nonces that need no memory (RFC 8489 §9.2): the time and a keyed hash of it. A flood
 * of unauthenticated requests leaves nothing behind.
 */
export class Nonces {
  readonly #key = randomBytes(32);
  readonly #nowMs: () => number;

  /** `nowMs` must not go back. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** A nonce that is good for an hour. */
  make(): string {
    return this.#nonceAt(this.#seconds());
  }

  /** Did this process make this nonce within the last hour? */
  check(nonce: unknown): boolean {
    if (typeof nonce !== 'string' || !/^[0-9a-f]{40}$/.test(nonce)) return false;
    const made = Number.parseInt(nonce.slice(0, 8), 16);
    const age = this.#seconds() - made;
    if (age < 0 || age >= LIFE_SECONDS) return false;
    return timingSafeEqual(Buffer.from(nonce), Buffer.from(this.#nonceAt(made)));
  }

  #seconds(): number {
    return Math.floor(this.#nowMs() / 1000);
  }

  #nonceAt(seconds: number): string {
    const time = seconds.toString(16).padStart(8, '0');
    return time + createHmac('sha256', this.#key).update(time).digest('hex').slice(0, 32);
  }
}
