import { availableParallelism } from 'node:os';
import type { Clock } from '#kernel/clock.ts';
import type { Bound } from '#kernel/following.ts';
import { Scope } from '#kernel/scope.ts';
import type { ConferenceConfig } from './config.ts';
import type { Sfu, SfuWorker } from './sfu.ts';

/** What the workers are made from. */
export interface WorkersDeps {
  sfu: Sfu;
  /** IPv4 addresses of the box that participants can reach, as they are now. */
  addresses: () => readonly string[];
  clock: Clock;
  /** Hears of a worker whose process has ended by itself. */
  onDeath(worker: SfuWorker): void;
}

/** Replacements that come faster are a fault which a new worker does not cure: a loop of processes. */
const mostDeaths = 5;
const withinMs = 600_000;

/**
 * All media workers, started and stopped together on the addresses of the moment. One that dies is
 * replaced alone, on its own port, so that conferences on the others do not notice.
 */
export class Workers implements Bound {
  readonly #deps: WorkersDeps;
  readonly #config: ConferenceConfig;
  #scope: Scope | undefined;
  #running: SfuWorker[] = [];
  #startedOn: readonly string[] = [];
  /** Replacements under way. */
  readonly #replacing = new Set<Promise<void>>();
  #deathsAtMs: number[] = [];

  constructor(deps: WorkersDeps, config: ConferenceConfig) {
    this.#deps = deps;
    this.#config = config;
  }

  /** Those that were started, dead ones included. */
  get running(): readonly SfuWorker[] {
    return this.#running;
  }

  /** Whether a dead worker's place is about to be filled. */
  get isReplacing(): boolean {
    return this.#replacing.size > 0;
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
        opened.push(await this.#openIn(scope, addresses, index));
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
    await Promise.all(this.#replacing);
    await scope?.[Symbol.asyncDispose]();
  }

  hasMoved(): boolean {
    return this.#scope !== undefined && this.#reachable().join() !== this.#startedOn.join();
  }

  /** A box without a network still has itself; it must start, and follow the network later. */
  #reachable(): readonly string[] {
    const addresses = this.#deps.addresses();
    return addresses.length > 0 ? addresses : ['127.0.0.1'];
  }

  /** A worker that works, and is closed with the scope. */
  async #openIn(scope: Scope, addresses: readonly string[], index: number): Promise<SfuWorker> {
    const worker = await this.#open(addresses, index);
    scope.defer(() => worker.close());
    worker.onDeath(() => this.#died(worker));
    // A worker that runs but cannot make a router would fail in the first conference.
    (await worker.openRouter()).close();
    return worker;
  }

  #died(worker: SfuWorker): void {
    this.#deps.onDeath(worker);
    const [scope, index] = [this.#scope, this.#running.indexOf(worker)];
    // During a start, or one that never ran: the start fails, or health says so.
    if (!scope || index < 0 || this.#isDyingTooOften()) return;
    const replacing = this.#replace(scope, index).finally(() => this.#replacing.delete(replacing));
    this.#replacing.add(replacing);
  }

  async #replace(scope: Scope, index: number): Promise<void> {
    try {
      const worker = await this.#openIn(scope, this.#startedOn, index);
      if (this.#scope === scope) this.#running[index] = worker;
    } catch {
      // The dead one stays in its place: health says so, and everything is started anew.
    }
  }

  #isDyingTooOften(): boolean {
    const nowMs = this.#deps.clock.monotonic();
    this.#deathsAtMs = [...this.#deathsAtMs, nowMs].filter((atMs) => nowMs - atMs < withinMs);
    return this.#deathsAtMs.length >= mostDeaths;
  }

  #open(addresses: readonly string[], index: number): Promise<SfuWorker> {
    const { rtcPort, announcedAddress } = this.#config;
    return this.#deps.sfu.openWorker({
      addresses,
      announcedAddress: announcedAddress || undefined,
      port: rtcPort === 0 ? 0 : rtcPort + index,
    });
  }
}
