import type { Clock } from '../ports.ts';

/** A call that changes by itself: who speaks, which way it takes. */
export interface Watched {
  readonly isOver: boolean;
  /** Differs when something is to be shown anew. */
  readonly shown: string;
  look(): Promise<void>;
}

/** How often a call is looked at. */
const everyMs = 500;

/** Looks at each call until it is over, and tells when there is something to show. */
export class Lookout {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #onChange: () => void;
  readonly #watched = new WeakSet<Watched>();

  constructor(clock: Clock, signal: AbortSignal, onChange: () => void) {
    this.#clock = clock;
    this.#signal = signal;
    this.#onChange = onChange;
  }

  /** Begins to look, if nobody does yet. `own` is what this device itself adds to what is shown. */
  watch(call: Watched | undefined, own: () => string): void {
    if (!call || call.isOver || this.#watched.has(call)) return;
    this.#watched.add(call);
    void this.#watch(call, own);
  }

  async #watch(call: Watched, own: () => string): Promise<void> {
    let shown = '';
    while (!call.isOver && !this.#signal.aborted) {
      // A reading that fails is made again soon; the call itself does not depend on it.
      await call.look().catch(() => undefined);
      const now = `${call.shown} ${own()}`;
      if (now !== shown) this.#onChange();
      shown = now;
      await this.#clock.wait(everyMs, this.#signal);
    }
  }
}
