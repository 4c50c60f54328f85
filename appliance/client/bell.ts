import type { Clock } from './ports.ts';

/** Lets a loop sleep until somebody rings or its time is over. */
export class Bell {
  readonly #clock: Clock;
  #hasRung = false;
  #wake: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the present rest, or the next one at once: no ring is lost. */
  ring(): void {
    this.#hasRung = true;
    this.#wake?.abort();
  }

  /** Resolves after a ring (true), or after `ms` or when `signal` aborts (false). */
  async rest(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#hasRung && !signal.aborted) {
      const wake = new AbortController();
      this.#wake = wake;
      await this.#clock.wait(ms, AbortSignal.any([wake.signal, signal]));
      this.#wake = undefined;
    }
    const hasRung = this.#hasRung;
    this.#hasRung = false;
    return hasRung;
  }
}

/**
 * The pause after so many failures in a row, doubling from one second to fifteen: the box is in
 * the same building, and asking it costs little.
 */
export function backOffMs(failures: number): number {
  return Math.min(1000 * 2 ** Math.min(Math.max(failures - 1, 0), 4), 15_000);
}
