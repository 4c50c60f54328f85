import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ApplianceError } from '#kernel/errors.ts';
import { Scope } from '#kernel/scope.ts';
import type { Health } from '#kernel/service.ts';
import type { RelayConfig } from './config.ts';
import { portRefusal, relayErrors } from './errors.ts';
import { ended, hasEnded } from './child.ts';
import { Issuer, REALM } from './issuer.ts';
import type { FromRelay, RelaySettings, ToRelay } from './process/messages.ts';
import type { TurnCredentials, TurnDeps, TurnProvider } from './turn-provider.ts';

const PING_MS = 1000;
/** So many unanswered in a row and it hangs, whatever the system says of its process. Counted, not timed: the box may have been busy itself. */
const MAX_UNANSWERED = 5;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** node-turn in a process of its own, watched over its message channel. */
export class NodeTurnRelay implements TurnProvider {
  readonly #deps: TurnDeps;
  readonly #config: RelayConfig;
  readonly #issuer: Issuer;
  #scope: Scope | undefined;
  #child: ChildProcess | undefined;
  #port = 0;
  #addresses: readonly string[] = [];
  #allocationsCount = 0;
  #unansweredCount = 0;

  constructor(deps: TurnDeps, config: RelayConfig) {
    this.#deps = deps;
    this.#config = config;
    this.#issuer = new Issuer(deps.clock, config.maxCredentialSeconds);
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    signal.throwIfAborted();
    const scope = new Scope();
    try {
      const addresses = this.#reachable();
      const child = this.#spawn();
      scope.defer(() => {
        if (child.connected) child.disconnect();
        return ended(child);
      });
      this.#port = await this.#firstAnswer(child, addresses, signal);
      this.#addresses = addresses;
      this.#child = child;
      this.#heard({ allocations: 0 });
      child.on('message', (message: FromRelay) => this.#heard(message));
      scope.every(PING_MS, () => {
        this.#unansweredCount += 1;
        tell(child, { ping: true });
      });
    } catch (error) {
      await scope[Symbol.asyncDispose]();
      throw error;
    }
    this.#scope = scope;
  }

  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    await scope?.[Symbol.asyncDispose]();
  }

  hasMoved(): boolean {
    return this.#scope !== undefined && this.#reachable().join() !== this.#addresses.join();
  }

  /** The process id, for whoever wants to look at it; undefined when it does not run. */
  get pid(): number | undefined {
    return this.#scope && this.#child?.pid;
  }

  credentials(device: string, ttlSeconds: number): TurnCredentials {
    if (!this.#scope) throw new ApplianceError(relayErrors, 'RELAY_NOT_RUNNING');
    return this.#issuer.issue(device, ttlSeconds, this.#addresses, this.#port);
  }

  health(): Health {
    const child = this.#child;
    if (!this.#scope || !child) return { status: 'failed', says: 'The relay is not running.' };
    if (hasEnded(child) || !child.connected) {
      return { status: 'failed', says: 'The relay process has ended.' };
    }
    if (this.#unansweredCount > MAX_UNANSWERED) {
      return { status: 'failed', says: 'The relay process does not answer.' };
    }
    const count = this.#allocationsCount;
    return { status: 'ok', says: `${count} relayed connection${count === 1 ? '' : 's'}.` };
  }

  /** A box without a network still has itself; it must start, and follow the network later. */
  #reachable(): readonly string[] {
    const addresses = this.#deps.addresses();
    return addresses.length > 0 ? addresses : ['127.0.0.1'];
  }

  #spawn(): ChildProcess {
    // No environment, no way to write a file or start a program: the process parses what strangers send.
    return fork(fileURLToPath(new URL('./process/main.ts', import.meta.url)), {
      env: {},
      execArgv: ['--permission', `--allow-fs-read=${ROOT}`, '--max-old-space-size=128'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  #settings(addresses: readonly string[]): RelaySettings {
    const { port, relayMinPort, relayMaxPort } = this.#config;
    const relayPorts = { from: relayMinPort, to: relayMaxPort };
    return {
      addresses,
      port,
      relayPorts,
      openPorts: [relayPorts, ...this.#deps.openPorts],
      realm: REALM,
      secret: this.#issuer.secret,
      allocationsPerDeviceCount: this.#config.allocationsPerDeviceCount,
      allocationSeconds: this.#config.allocationSeconds,
      maxAllocationSeconds: this.#config.maxAllocationSeconds,
      bytesPerSecond: this.#config.allocationBytesPerSecond,
      tcp: {
        connectionsCount: this.#config.tcpConnectionsCount,
        connectionsPerAddressCount: this.#config.tcpConnectionsPerAddressCount,
        unknownMs: this.#config.tcpUnknownMs,
      },
    };
  }

  /** The port it listens on, once it does. */
  #firstAnswer(
    child: ChildProcess,
    addresses: readonly string[],
    signal: AbortSignal,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      child.once('message', (message: FromRelay) => {
        if ('ready' in message) resolve(message.ready.port);
        else reject(portRefusal(this.#config.port, 'failed' in message ? message.failed : ''));
      });
      const fail = (cause?: unknown): void =>
        reject(new ApplianceError(relayErrors, 'RELAY_PROCESS_FAILED', {}, cause));
      child.once('error', fail);
      child.once('exit', () => fail());
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      tell(child, { start: this.#settings(addresses) });
    });
  }

  #heard(message: FromRelay): void {
    if ('allocations' in message) this.#allocationsCount = message.allocations;
    this.#unansweredCount = 0;
  }
}

function tell(child: ChildProcess, message: ToRelay): void {
  // The channel of a process that just ended reports an error here; `health` says so anyway.
  if (child.connected) child.send(message, () => {});
}
