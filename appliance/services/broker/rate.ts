/** A budget that refills with time. Spending more than there is makes a debt that has to be waited out. */
export class Rate {
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #atMs: number;

  /** Starts full. `nowMs` is monotonic. */
  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#left = burst;
    this.#atMs = nowMs;
  }

  /** Spends `count`; returns how many milliseconds to wait before the next spending. */
  spend(count: number, nowMs: number): number {
    const refilled = this.#left + ((nowMs - this.#atMs) * this.#perSecond) / 1000;
    this.#left = Math.min(this.#burst, refilled) - count;
    this.#atMs = nowMs;
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left * 1000) / this.#perSecond);
  }
}
