/**
 * Lets requests wait until something changed (long poll). The number of waiting
 * requests is capped: open doors could otherwise be held by one stranger until
 * the box has no memory left.
 */
export class News {
  readonly #waiting = new Set<() => void>();
  readonly #endings = new Set<() => void>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Wakes everybody who waits. */
  changed(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Ends all waiting without an answer, since the service stops. */
  release(): void {
    for (const end of [...this.#endings]) end();
  }

  /**
   * Asks again after each change until there is an answer, `ms` have passed or `signal` aborts:
   * then undefined. `'full'` when too many wait already.
   */
  async until<T extends object>(
    ask: () => T | undefined,
    ms: number,
    signal: AbortSignal,
  ): Promise<T | undefined | 'full'> {
    const first = ask();
    if (first !== undefined || signal.aborted) return first;
    if (this.#waiting.size >= this.#most) return 'full';
    return new Promise((resolve) => {
      const end = (answer: T | undefined): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        this.#waiting.delete(wake);
        this.#endings.delete(giveUp);
        resolve(answer);
      };
      const giveUp = (): void => end(undefined);
      const wake = (): void => {
        const answer = ask();
        if (answer !== undefined) end(answer);
      };
      const timer = setTimeout(giveUp, ms);
      signal.addEventListener('abort', giveUp);
      this.#waiting.add(wake);
      this.#endings.add(giveUp);
    });
  }
}
