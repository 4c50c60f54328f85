/**
 * Runs tasks one at a time, in the order of their arrival.
 *
 * Invariants: at most one task runs; a task starts only after the one before it
 * settled, however it settled; a rejection reaches its own caller only. A task
 * that waits for another task of the same runner never ends: do not nest.
 */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects with what `task` does, once its turn has come. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(task);
    this.#last = mine.catch(() => {
      // Only the order matters here; the caller holds `mine` and its rejection.
    });
    return mine;
  }
}
