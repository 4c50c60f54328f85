import type { Clock } from '#kernel/clock.ts';

/** How much one sender may do: `burst` at once, `perHour` in the long run. */
export interface Pace {
  burst: number;
  perHour: number;
}

/**
 * What each sender may still do (L5). Whoever has anything left may send a whole batch and goes
 * into debt for it: a batch larger than the burst would otherwise never pass. Delays, never
 * condemns (I3). Measured by a clock that cannot be set.
 */
export class Allowance {
  readonly #pace: Pace;
  readonly #clock: Clock;
  readonly #left = new Map<string, { count: number; atMs: number }>();

  constructor(pace: Pace, clock: Clock) {
    this.#pace = pace;
    this.#clock = clock;
  }

  /** Seconds until this sender may send again; 0 when it may now. */
  waitSeconds(sender: string): number {
    const count = this.#count(sender);
    return count > 0 ? 0 : Math.ceil(((1 - count) * 3600) / this.#pace.perHour);
  }

  /** Notes what the sender did. */
  spend(sender: string, count: number): void {
    if (count === 0) return;
    this.#left.set(sender, { count: this.#count(sender) - count, atMs: this.#clock.monotonic() });
  }

  /** Forgets senders that have their whole burst back. */
  sweep(): void {
    for (const sender of [...this.#left.keys()]) {
      if (this.#count(sender) >= this.#pace.burst) this.#left.delete(sender);
    }
  }

  #count(sender: string): number {
    const { burst, perHour } = this.#pace;
    const left = this.#left.get(sender);
    if (left === undefined) return burst;
    const refilled = ((this.#clock.monotonic() - left.atMs) * perHour) / 3_600_000;
    return Math.min(burst, left.count + refilled);
  }
}
