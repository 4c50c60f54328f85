import { createHash } from 'node:crypto';
import type { Addresses } from '#kernel/addresses.ts';
import type { Logger } from '#kernel/log.ts';
import { Scope } from '#kernel/scope.ts';
import { Serial } from '#kernel/serial.ts';
import type { Health, Service } from '#kernel/service.ts';
import type { Announced, Announcer } from './announcer.ts';
import type { DiscoveryConfig } from './config.ts';

/** What discovery is built from. */
export interface DiscoveryDeps {
  announcer: Announcer;
  addresses: Addresses;
  /** Ed25519 box key; the start of its hash tells boxes apart. */
  boxKey: Uint8Array;
  /** Port of the app, known once the gateway runs. */
  port(): number;
  /** On a box for this machine only nothing is announced. */
  listen: 'lan' | 'loopback';
  log: Logger;
}

/** Announces the box as `_parley._tcp` with a host name, and again when addresses change. */
export class DiscoveryService implements Service {
  readonly name = 'discovery';
  readonly needs: readonly string[] = ['gateway'];
  readonly claims = [];
  readonly #deps: DiscoveryDeps;
  readonly #config: DiscoveryConfig;
  readonly #serial = new Serial();
  #scope: Scope | undefined;
  #announced: Announced | undefined;

  constructor(deps: DiscoveryDeps, config: DiscoveryConfig) {
    this.#deps = deps;
    this.#config = config;
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    signal.throwIfAborted();
    const scope = new Scope();
    this.#scope = scope;
    if (this.#deps.listen === 'loopback') return;
    await this.#announce(scope);
    const again = (): void => void this.#announce(scope);
    scope.defer(() => this.#takeBack());
    scope.defer(this.#deps.addresses.onChange(again));
  }

  async quiesce(): Promise<void> {}

  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    await scope?.[Symbol.asyncDispose]();
  }

  health(): Health {
    if (!this.#scope) return { status: 'failed', says: 'The box is not announced.' };
    if (this.#deps.listen === 'loopback') {
      return { status: 'ok', says: 'Only this machine can reach the box; nothing is announced.' };
    }
    if (this.#announced?.problem() !== undefined || !this.#announced?.isHeard()) {
      const says = 'The name of the box is not announced; people need its address or QR code.';
      return { status: 'degraded', says };
    }
    return { status: 'ok', says: `Neighbours can type ${this.#config.hostName}.` };
  }

  #announce(scope: Scope): Promise<void> {
    return this.#serial.run(async () => {
      await this.#announced?.end();
      if (scope.signal.aborted) return;
      const { announcer, boxKey, port } = this.#deps;
      const id = createHash('sha256').update(boxKey).digest('hex').slice(0, 8);
      this.#announced = announcer.announce({
        name: `Parley ${id}`,
        hostName: this.#config.hostName,
        port: port(),
        facts: { v: '1', box: id },
      });
    });
  }

  #takeBack(): Promise<void> {
    return this.#serial.run(async () => {
      await this.#announced?.end();
      this.#announced = undefined;
    });
  }
}
