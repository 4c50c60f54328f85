import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ApplianceError } from '#kernel/errors.ts';
import type { Clock } from '#kernel/clock.ts';
import { Refusal } from '#kernel/refusal.ts';
import { Scope } from '#kernel/scope.ts';
import type { Health } from '#kernel/service.ts';
import type { RelayConfig } from './config.ts';
import { issueCredential } from './credentials.ts';
import { relayErrors } from './errors.ts';
import type { FromRelay, PortRange, RelaySettings, ToRelay } from './process/messages.ts';
import type { TurnCredentials, TurnProvider } from './turn-provider.ts';

const PING_MS = 1000;
/** So many unanswered in a row and it hangs, whatever the system says of its process. Counted, not timed: the box may have been busy itself. */
const MAX_UNANSWERED = 5;
const STOP_MS = 2000;
/** The box's name in STUN; part of every key, shown to nobody. */
const REALM = 'parley';
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What the provider is built from. */
export interface NodeTurnDeps {
  /** IPv4 addresses of the box that participants can reach, as they are now. */
  addresses: () => readonly string[];
  /** Further ports of the box that may be relayed to: the SFU's. */
  openPorts: readonly PortRange[];
  clock: Clock;
}

/** node-turn in a process of its own, watched over its message channel. */
export class NodeTurnRelay implements TurnProvider {
  readonly #deps: NodeTurnDeps;
  readonly #config: RelayConfig;
  /** Lasts as long as the box, so that credentials outlive a restart of the relay. */
  readonly #secret = randomBytes(32);
  #scope: Scope | undefined;
  #child: ChildProcess | undefined;
  #port = 0;
  #addresses: readonly string[] = [];
  #allocationsCount = 0;
  #unansweredCount = 0;

  constructor(deps: NodeTurnDeps, config: RelayConfig) {
    this.#deps = deps;
    this.#config = config;
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    signal.throwIfAborted();
    const scope = new Scope();
    try {
      const addresses = this.#reachable();
      const child = this.#spawn();
      scope.defer(() => end(child));
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
    const ttl = Math.min(Math.max(ttlSeconds, 1), this.#config.maxCredentialSeconds);
    const expirySeconds = Math.floor(this.#deps.clock.now() / 1000 + ttl);
    const urls = this.#addresses.flatMap((address) => [
      `stun:${address}:${this.#port}`,
      `turn:${address}:${this.#port}?transport=udp`,
    ]);
    return { urls, ...issueCredential(this.#secret, device, expirySeconds) };
  }

  health(): Health {
    const child = this.#child;
    if (!this.#scope || !child) return { status: 'failed', says: 'The relay is not running.' };
    if (child.exitCode !== null || child.signalCode !== null || !child.connected) {
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
      secret: this.#secret.toString('base64'),
      allocationsPerDeviceCount: this.#config.allocationsPerDeviceCount,
      allocationSeconds: this.#config.allocationSeconds,
      maxAllocationSeconds: this.#config.maxAllocationSeconds,
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

/** Hangs up and waits; a process that does not go by itself is killed. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (child.connected) child.disconnect();
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(late);
}

function portRefusal(port: number, code: string): Refusal {
  const why =
    code === 'EADDRINUSE'
      ? 'is taken by another program'
      : `cannot be opened (${code || 'unknown'})`;
  return new Refusal(
    `UDP port ${port} for the relay ${why}. Set "relay": {"port": …} to a free one.`,
  );
}
