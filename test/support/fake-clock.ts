import type { Clock } from '#kernel/clock.ts';

/** A clock that stands still until told otherwise. */
export class FakeClock implements Clock {
  #nowMs = Date.UTC(2026, 11, 1);
  #monotonicMs = 1_000;

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  /** Lets time pass, for both readings. */
  pass(ms: number): void {
    this.#nowMs += ms;
    this.#monotonicMs += ms;
  }

  /** Sets the wall clock, as a person or a time server would. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }
}
