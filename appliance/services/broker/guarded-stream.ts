import { Duplex } from 'node:stream';
import type { Clock } from '#kernel/clock.ts';
import { PacketScanner } from './packet-scanner.ts';
import type { Rate } from './rate.ts';

/** Time for a refusal to reach the other side before the connection is torn down. */
const LINGER_MS = 1000;

/** What a guarded stream lets pass. */
export interface GuardLimits {
  maxPacketBytes: number;
  maxUnsentBytes: number;
}

/**
 * A connection as the MQTT library sees it: packets that are too long never get in,
 * packets that come too fast wait, and a reader that is too slow is cut instead of
 * holding up the deliveries to everybody else.
 */
export class GuardedStream extends Duplex {
  readonly #inner: Duplex;
  readonly #scanner: PacketScanner;
  readonly #limits: GuardLimits;
  readonly #clock: Clock;
  #rate: Rate;
  #pause: NodeJS.Timeout | undefined;

  constructor(inner: Duplex, limits: GuardLimits, rate: Rate, clock: Clock) {
    super({ allowHalfOpen: false, writableHighWaterMark: limits.maxUnsentBytes });
    this.#inner = inner;
    this.#scanner = new PacketScanner(limits.maxPacketBytes);
    this.#limits = limits;
    this.#rate = rate;
    this.#clock = clock;
    // The library takes its own listeners off while it closes; an error must never be without one.
    this.on('error', () => {});
    inner.on('data', (chunk: Buffer) => this.#receive(chunk));
    inner.on('end', () => this.push(null));
    inner.on('error', (error) => this.destroy(error));
    inner.on('close', () => this.destroy());
  }

  /** From now on this budget counts: that of the device, which outlives its connections. */
  use(rate: Rate): void {
    this.#rate = rate;
  }

  #receive(chunk: Buffer): void {
    if (this.destroyed) return;
    const begun = this.#scanner.scan(chunk);
    if (begun === undefined) {
      this.destroy(new Error('packet too long or out of place'));
      return;
    }
    const waitMs = this.#rate.spend(begun, this.#clock.monotonic());
    if (waitMs > 0 && !this.#pause) {
      this.#inner.pause();
      this.#pause = setTimeout(() => {
        this.#pause = undefined;
        this.#inner.resume();
      }, waitMs);
      this.#pause.unref();
    }
    if (!this.push(chunk)) this.#inner.pause();
  }

  override _read(): void {
    if (!this.#pause) this.#inner.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#inner.write(chunk);
    if (this.#inner.writableLength > this.#limits.maxUnsentBytes) {
      this.destroy(new Error('reads too slowly'));
    }
    done();
  }

  override _final(done: () => void): void {
    this.#inner.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#pause);
    const inner = this.#inner;
    if (!inner.destroyed) {
      const linger = setTimeout(() => inner.destroy(), LINGER_MS);
      linger.unref();
      inner.on('close', () => clearTimeout(linger));
      inner.end(() => inner.destroy());
    }
    done(error);
  }
}
