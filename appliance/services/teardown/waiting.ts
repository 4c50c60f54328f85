import type { Clock } from '#kernel/clock.ts';
import { durableRecord, type DurableRecord } from '#kernel/durable-record.ts';
import { fields, integer } from '#protocol/codec/shape.ts';

/** How much a power cut may take back. */
const keepEverySeconds = 60;

const isKept = fields({ seconds: integer(0, Number.MAX_SAFE_INTEGER) });

/**
 * Seconds that the box has run since the close was final (T6), by the monotonic clock: setting the
 * wall clock ahead makes nobody's time pass. Kept over restarts; time that the box is off does not count.
 */
export class Waiting {
  readonly #record: DurableRecord<{ seconds: number }>;
  readonly #clock: Clock;
  #ms = 0;
  #keptSeconds = 0;
  #lastMs: number | undefined;

  constructor(path: string, clock: Clock) {
    this.#record = durableRecord(path, isKept);
    this.#clock = clock;
  }

  get seconds(): number {
    return Math.floor(this.#ms / 1000);
  }

  async open(): Promise<void> {
    this.#keptSeconds = (await this.#record.read())?.seconds ?? 0;
    this.#ms = this.#keptSeconds * 1000;
    this.#lastMs = undefined;
  }

  /** Counts what passed since the last call if both times the close was final. */
  async look(isFinal: boolean): Promise<void> {
    const nowMs = this.#clock.monotonic();
    if (isFinal && this.#lastMs !== undefined) this.#ms += nowMs - this.#lastMs;
    this.#lastMs = isFinal ? nowMs : undefined;
    if (this.seconds - this.#keptSeconds >= keepEverySeconds) await this.keep();
  }

  /** Writes down how long it was. */
  async keep(): Promise<void> {
    const { seconds } = this;
    if (seconds === this.#keptSeconds) return;
    await this.#record.write({ seconds });
    this.#keptSeconds = seconds;
  }
}
