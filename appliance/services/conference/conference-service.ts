import { availableParallelism } from 'node:os';
import type { Logger } from '#kernel/log.ts';
import { Scope } from '#kernel/scope.ts';
import type { Health, Service } from '#kernel/service.ts';
import type { ConferenceConfig } from './config.ts';
import type { Sfu, SfuWorker } from './sfu.ts';

/** What the service is built from. */
export interface ConferenceServiceDeps {
  sfu: Sfu;
  /** IPv4 addresses of the box that participants can reach, as they are now. */
  addresses: () => readonly string[];
  log: Logger;
}

/** Conferences of more than two: one media worker for each core. */
export class ConferenceService implements Service {
  readonly name = 'conference';
  readonly needs: readonly string[] = [];
  readonly claims = [];
  readonly #deps: ConferenceServiceDeps;
  readonly #config: ConferenceConfig;
  #scope: Scope | undefined;
  #workers: SfuWorker[] = [];
  #addresses: readonly string[] = [];

  constructor(deps: ConferenceServiceDeps, config: ConferenceConfig) {
    this.#deps = deps;
    this.#config = config;
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    const scope = new Scope();
    const workers: SfuWorker[] = [];
    try {
      this.#addresses = this.#deps.addresses();
      for (let index = 0; index < this.#workersCount(); index++) {
        signal.throwIfAborted();
        const worker = await this.#openWorker(index);
        scope.defer(() => worker.close());
        // A worker that runs but cannot make a router would fail in the first conference.
        (await worker.openRouter()).close();
        workers.push(worker);
      }
      signal.throwIfAborted();
    } catch (error) {
      await scope[Symbol.asyncDispose]();
      throw error;
    }
    this.#workers = workers;
    this.#scope = scope;
    this.#deps.log.info({ workers: workers.length }, 'media workers are running');
  }

  /** It keeps nothing, so there is nothing to finish. */
  async quiesce(): Promise<void> {}

  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    this.#workers = [];
    await scope?.[Symbol.asyncDispose]();
  }

  health(): Health {
    if (!this.#scope) return { status: 'failed', says: 'Conferences are not running.' };
    if (this.#workers.some(({ isDead }) => isDead)) {
      return { status: 'failed', says: 'A media worker has ended.' };
    }
    if (this.#deps.addresses().join() !== this.#addresses.join()) {
      return { status: 'failed', says: 'The network has changed; the workers must start again.' };
    }
    const count = this.#workers.length;
    return { status: 'ok', says: `${count} media worker${count === 1 ? ' is' : 's are'} running.` };
  }

  /** Process ids of the workers, for whoever wants to look at them. */
  get pids(): readonly number[] {
    return this.#workers.map(({ pid }) => pid);
  }

  #workersCount(): number {
    return this.#config.workersCount || availableParallelism();
  }

  #openWorker(index: number): Promise<SfuWorker> {
    const { rtcPort, announcedAddress } = this.#config;
    return this.#deps.sfu.openWorker({
      addresses: this.#addresses,
      announcedAddress: announcedAddress || undefined,
      port: rtcPort === 0 ? 0 : rtcPort + index,
    });
  }
}
