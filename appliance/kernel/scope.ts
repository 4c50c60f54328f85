/**
 * Owns what a service has opened and closes it in reverse order. Ending the
 * scope also aborts its signal. A closer that fails does not stop the others.
 */
export class Scope implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #abort = new AbortController();

  /** Aborts when the scope ends. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Runs `close` when the scope ends. */
  defer(close: () => unknown): void {
    this.#stack.defer(async () => {
      await close();
    });
  }

  /** Calls `tick` every `everyMs` until the scope ends; does not keep the process alive. */
  every(everyMs: number, tick: () => void): void {
    const timer = setInterval(tick, everyMs);
    timer.unref();
    this.defer(() => clearInterval(timer));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#stack.disposeAsync();
  }
}
