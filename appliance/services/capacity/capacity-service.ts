import type { Logger } from '#kernel/log.ts';
import { Scope } from '#kernel/scope.ts';
import type { Health, Service } from '#kernel/service.ts';
import { assess } from './assessment.ts';
import type { CapacityConfig } from './config.ts';
import type { Machine, Sample } from './machine.ts';

/** What capacity is built from. */
export interface CapacityDeps {
  machine: Machine;
  /** Absolute path of the data directory. */
  directory: string;
  log: Logger;
}

/** Watches memory, processor and storage, and tells health before people notice. */
export class CapacityService implements Service {
  readonly name = 'capacity';
  readonly needs: readonly string[] = [];
  readonly claims = [];
  readonly #deps: CapacityDeps;
  readonly #config: CapacityConfig;
  #scope: Scope | undefined;
  #sample: Sample | undefined;
  #isLooking = false;

  constructor(deps: CapacityDeps, config: CapacityConfig) {
    this.#deps = deps;
    this.#config = config;
  }

  /** The newest sample; undefined if none could be taken. */
  get sample(): Sample | undefined {
    return this.#sample;
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    signal.throwIfAborted();
    const scope = new Scope();
    // Not awaited: the first look takes half a second and nobody depends on it.
    void this.#look(scope);
    scope.every(this.#config.sampleEverySeconds * 1000, () => void this.#look(scope));
    this.#scope = scope;
  }

  async quiesce(): Promise<void> {}

  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    this.#sample = undefined;
    await scope?.[Symbol.asyncDispose]();
  }

  health(): Health {
    if (!this.#scope) return { status: 'failed', says: 'Nobody watches the storage.' };
    if (!this.#sample) return { status: 'ok', says: 'Nothing is measured yet.' };
    return assess(this.#sample, this.#config);
  }

  async #look(scope: Scope): Promise<void> {
    // On a machine too busy to answer in time, looks must not pile up.
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const sample = await this.#deps.machine.sample(this.#deps.directory);
      if (!scope.signal.aborted) this.#sample = sample;
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'memory and storage could not be measured');
    } finally {
      this.#isLooking = false;
    }
  }
}
