import { Scope } from './scope.ts';
import { Serial } from './serial.ts';

const LOOK_EVERY_MS = 1000;

/** Something that listens on the addresses which the machine had when it was started. */
export interface Bound {
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
  /** Whether it runs on other addresses than the machine has now. */
  hasMoved(): boolean;
}

/**
 * Starts a bound part anew whenever the machine's addresses change. That is no
 * failure: a network that comes and goes must not use up the supervisor's patience.
 * A part that does not come back stays stopped, and its health says so.
 */
export class Following {
  readonly #part: Bound;
  readonly #serial = new Serial();
  #scope: Scope | undefined;
  #isRestarting = false;

  constructor(part: Bound) {
    this.#part = part;
  }

  /** True while the part is not yet where the machine is; its own health may then look like a failure. */
  get isMoving(): boolean {
    return this.#isRestarting || this.#part.hasMoved();
  }

  /** Idempotent; rejects as the part does. */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    await this.#serial.run(() => this.#part.start(signal));
    const scope = new Scope();
    scope.every(LOOK_EVERY_MS, () => {
      // Reported by the part's health, which the supervisor watches.
      this.look().catch(() => {});
    });
    this.#scope = scope;
  }

  /** Compares once; the timer calls it, tests too. Rejects when the part does not come back. */
  async look(): Promise<void> {
    if (!this.#part.hasMoved()) return;
    await this.#serial.run(async () => {
      const scope = this.#scope;
      if (!scope || !this.#part.hasMoved()) return;
      this.#isRestarting = true;
      try {
        await this.#part.stop();
        await this.#part.start(scope.signal);
      } finally {
        this.#isRestarting = false;
      }
    });
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    await scope?.[Symbol.asyncDispose]();
    await this.#serial.run(() => this.#part.stop());
  }
}
