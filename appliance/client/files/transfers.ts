import { backOffMs, Bell } from '../bell.ts';
import { BoxAway, BoxRefusal } from '../exchange.ts';
import type { ClientProblem } from '../model.ts';
import type { Clock } from '../ports.ts';
import { problem, shown, type ProblemCode } from '../problem.ts';
import { Lane } from './lane.ts';

/** What becomes of a transfer that does not end well. */
export interface TransferEnds {
  /** It was not what it should have been. */
  onDamaged(key: string): Promise<void>;
  /** It cannot go on by itself. */
  onHalted(key: string, told: ClientProblem): Promise<void>;
}

/**
 * Moves a file on from where it is; false if what came is not what was offered. Calls `onMoved`
 * with each part that went through.
 */
export type Work = (signal: AbortSignal, onMoved: () => void) => Promise<boolean>;

interface Running {
  stop: AbortController;
  bell: Bell;
  ended: Promise<void>;
}

/** Refusals of the box that no waiting heals. */
const final: Readonly<Record<string, ProblemCode>> = {
  FILES_TOO_LARGE: 'FILE_OVER_LIMIT',
  FILES_SHARE_USED: 'FILE_SHARE_USED',
  FILES_DISK_FULL: 'FILE_BOX_FULL',
};

/** A box that says no as often as this, with nothing moved in between, means it. */
const mostRefusals = 3;

/** The transfers under way: each tried again while the box is away or busy. */
export class Transfers {
  readonly #clock: Clock;
  readonly #ends: TransferEnds;
  readonly #running = new Map<string, Running>();
  /** One upload after the other, so that messages come in the order of sending. */
  readonly #lanes = { out: new Lane(1), in: new Lane(2) };
  readonly #whole = new AbortController();
  readonly #stopped = Promise.withResolvers<void>();

  constructor(clock: Clock, ends: TransferEnds) {
    this.#clock = clock;
    this.#ends = ends;
  }

  /** Transfers end when `signal` aborts. */
  start(signal: AbortSignal): void {
    const stop = (): void => {
      this.#whole.abort();
      this.#stopped.resolve();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  }

  /** Resolves when the signal of `start` has aborted and nothing runs any more. */
  async ended(): Promise<void> {
    await this.#stopped.promise;
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  /** Tries at once what waits for the box. */
  wake(): void {
    for (const { bell } of this.#running.values()) bell.ring();
  }

  /** Begins one; a second one of the same key is left out. */
  begin(way: 'out' | 'in', key: string, work: Work): void {
    if (this.#running.has(key) || this.#whole.signal.aborted) return;
    const stop = new AbortController();
    const bell = new Bell(this.#clock);
    const signal = AbortSignal.any([stop.signal, this.#whole.signal]);
    const ended = this.#lanes[way]
      .run(() => this.#persist(key, work, bell, signal), signal)
      .catch((error: unknown) => this.#ends.onHalted(key, shown(error)))
      // Nothing can be kept any more; what is on disk decides at the next start.
      .catch(() => undefined)
      .finally(() => {
        if (this.#running.get(key)?.stop === stop) this.#running.delete(key);
      });
    this.#running.set(key, { stop, bell, ended });
  }

  /** Ends one; resolves when it touches nothing any more. */
  async end(key: string): Promise<void> {
    const running = this.#running.get(key);
    running?.stop.abort();
    await running?.ended;
  }

  async #persist(key: string, work: Work, bell: Bell, signal: AbortSignal): Promise<void> {
    let failures = 0;
    let refusals = 0;
    const moved = (): void => {
      failures = 0;
      refusals = 0;
    };
    while (!signal.aborted) {
      try {
        const isGood = await work(signal, moved);
        if (!isGood && !signal.aborted) await this.#ends.onDamaged(key);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof BoxRefusal && error.code === 'CLIENT_REPLY_TOO_LARGE') {
          await this.#ends.onDamaged(key);
          return;
        }
        if (!(error instanceof BoxAway)) {
          if (!(error instanceof BoxRefusal)) throw error;
          const code = final[error.code];
          if (code) throw problem(code, error);
          if (!error.isPassing) refusals += 1;
        }
        if (refusals >= mostRefusals) throw error;
        failures += 1;
        await bell.rest(backOffMs(failures), signal);
      }
    }
  }
}
