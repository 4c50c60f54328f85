/** Lets so many work at a time; the others wait in the order in which they came. */
export class Lane {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(width: number) {
    this.#free = width;
  }

  /** Runs `work` when there is room; not at all if `signal` aborts before. */
  async run(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    await this.#enter(signal);
    try {
      if (!signal.aborted) await work();
    } finally {
      this.#free += 1;
      // All of them, since the first may have given up; who finds no room waits on in order.
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    while (this.#free === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.#free -= 1;
  }
}
