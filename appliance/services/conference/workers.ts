import { availableParallelism } from 'node:os';
import type { Bound } from '#kernel/following.ts';
import { Scope } from '#kernel/scope.ts';
import type { ConferenceConfig } from './config.ts';
import type { Sfu, SfuWorker } from './sfu.ts';

/** All media workers, started and stopped together on the addresses of the moment. */
export class Workers implements Bound {
  readonly #sfu: Sfu;
  readonly #addresses: () => readonly string[];
  readonly #config: ConferenceConfig;
  #scope: Scope | undefined;
  #running: readonly SfuWorker[] = [];
  #startedOn: readonly string[] = [];
  readonly #onDeath: (worker: SfuWorker) => void;

  /** `onDeath` hears of a worker whose process has ended by itself. */
  constructor(
    sfu: Sfu,
    addresses: () => readonly string[],
    config: ConferenceConfig,
    onDeath: (worker: SfuWorker) => void,
  ) {
    this.#onDeath = onDeath;
    this.#sfu = sfu;
    this.#addresses = addresses;
    this.#config = config;
  }

  /** Those that were started, dead ones included. */
  get running(): readonly SfuWorker[] {
    return this.#running;
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    const scope = new Scope();
    const opened: SfuWorker[] = [];
    try {
      const addresses = this.#reachable();
      const count = this.#config.workersCount || availableParallelism();
      for (let index = 0; index < count; index++) {
        signal.throwIfAborted();
        const worker = await this.#open(addresses, index);
        scope.defer(() => worker.close());
        worker.onDeath(() => this.#onDeath(worker));
        // A worker that runs but cannot make a router would fail in the first conference.
        (await worker.openRouter()).close();
        opened.push(worker);
      }
      signal.throwIfAborted();
      this.#startedOn = addresses;
    } catch (error) {
      await scope[Symbol.asyncDispose]();
      throw error;
    }
    this.#running = opened;
    this.#scope = scope;
  }

  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    this.#running = [];
    await scope?.[Symbol.asyncDispose]();
  }

  hasMoved(): boolean {
    return this.#scope !== undefined && this.#reachable().join() !== this.#startedOn.join();
  }

  /** A box without a network still has itself; it must start, and follow the network later. */
  #reachable(): readonly string[] {
    const addresses = this.#addresses();
    return addresses.length > 0 ? addresses : ['127.0.0.1'];
  }

  #open(addresses: readonly string[], index: number): Promise<SfuWorker> {
    const { rtcPort, announcedAddress } = this.#config;
    return this.#sfu.openWorker({
      addresses,
      announcedAddress: announcedAddress || undefined,
      port: rtcPort === 0 ? 0 : rtcPort + index,
    });
  }
}
