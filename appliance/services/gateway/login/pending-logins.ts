import type { Clock } from '#kernel/clock.ts';
import { addressGroup } from '../connections.ts';
import { BoundedMap } from './bounded-map.ts';

/** A login that was begun: the box has signed, the device has not yet. */
export interface PendingLogin {
  device: string;
  transcript: Uint8Array;
  sessionKey: Uint8Array;
}

/** A2: long enough for a person's slow phone, too short to collect. By the monotonic clock. */
const goodForMs = 30_000;
const maxCount = 8_192;

/** Begun logins by their nonce: good once, for 30 seconds, for the address that began them. */
export class PendingLogins {
  readonly #held = new BoundedMap<PendingLogin & { group: string; atMs: number }>(maxCount);
  readonly #maxPerAddressCount: number;
  readonly #clock: Clock;

  constructor(maxPerAddressCount: number, clock: Clock) {
    this.#maxPerAddressCount = maxPerAddressCount;
    this.#clock = clock;
  }

  /** Keeps a login; an address that begins too many loses its own oldest. */
  add(nonce: string, address: string, login: PendingLogin): void {
    const group = addressGroup(address);
    const mine = this.#held.keysWhere((held) => held.group === group);
    for (const key of mine.slice(0, mine.length - this.#maxPerAddressCount + 1)) {
      this.#held.take(key);
    }
    this.#held.set(nonce, { ...login, group, atMs: this.#clock.monotonic() });
  }

  /** The login of a nonce, which is used up; undefined if there is none that is still good. */
  take(nonce: string, address: string): PendingLogin | undefined {
    const held = this.#held.get(nonce);
    // Somebody else's guess must not use up the nonce of the one who was given it.
    if (!held || held.group !== addressGroup(address)) return undefined;
    this.#held.take(nonce);
    return this.#clock.monotonic() - held.atMs <= goodForMs ? held : undefined;
  }
}
