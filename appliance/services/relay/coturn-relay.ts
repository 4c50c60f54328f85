import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { ApplianceError } from '#kernel/errors.ts';
import { Refusal, systemCode } from '#kernel/refusal.ts';
import { Scope } from '#kernel/scope.ts';
import type { Health } from '#kernel/service.ts';
import { ended, hasEnded } from './child.ts';
import type { RelayConfig } from './config.ts';
import { writeCoturnFiles } from './coturn-files.ts';
import { coturnSettings } from './coturn-settings.ts';
import { portRefusal, relayErrors } from './errors.ts';
import { freePort } from './free-port.ts';
import { Issuer } from './issuer.ts';
import { StunProbe } from './stun-probe.ts';
import type { TurnCredentials, TurnDeps, TurnProvider } from './turn-provider.ts';

const PROBE_MS = 1000;
/** So many unanswered in a row and it hangs. */
const MAX_UNANSWERED = 5;
const FIRST_PROBE_MS = 50;
const START_WITHIN_PROBES = 200;
/** By itself coturn would outlive a box that is killed, and hold the port of the next one. */
const GUARD = ['setpriv', '--pdeathsig', 'KILL', '--no-new-privs', '--'] as const;
/** Exit code of setpriv when there is no such program. */
const NOT_FOUND = 127;
/** One run of coturn. */
interface Run {
  child: ChildProcess;
  probe: StunProbe;
  addresses: readonly string[];
  port: number;
}

/** coturn as a child process of the box, for sites with many calls at a time. */
export class CoturnRelay implements TurnProvider {
  readonly #deps: TurnDeps;
  readonly #config: RelayConfig;
  readonly #issuer: Issuer;
  #scope: Scope | undefined;
  #run: Run | undefined;

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
      const port = await this.#freePort(addresses);
      const { secret } = this.#issuer;
      const files = await writeCoturnFiles((database) =>
        coturnSettings(this.#config, { secret, addresses, port, database }),
      );
      scope.defer(() => files.remove());
      const child = this.#spawn(files.settings);
      scope.defer(() => {
        child.kill('SIGTERM');
        return ended(child);
      });
      const probe = new StunProbe({ address: addresses[0] ?? '127.0.0.1', port });
      scope.defer(() => probe.close());
      await firstAnswer(child, probe, signal);
      scope.every(PROBE_MS, () => probe.send());
      this.#run = { child, probe, addresses, port };
    } catch (error) {
      await scope[Symbol.asyncDispose]();
      throw error;
    }
    this.#scope = scope;
  }

  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    this.#run = undefined;
    await scope?.[Symbol.asyncDispose]();
  }

  hasMoved(): boolean {
    return this.#run !== undefined && this.#reachable().join() !== this.#run.addresses.join();
  }

  get pid(): number | undefined {
    return this.#run?.child.pid;
  }

  credentials(device: string, ttlSeconds: number): TurnCredentials {
    if (!this.#run) throw new ApplianceError(relayErrors, 'RELAY_NOT_RUNNING');
    return this.#issuer.issue(device, ttlSeconds, this.#run.addresses, this.#run.port);
  }

  health(): Health {
    if (!this.#run) return { status: 'failed', says: 'The relay is not running.' };
    if (hasEnded(this.#run.child)) {
      return { status: 'failed', says: 'The relay process has ended.' };
    }
    if (this.#run.probe.unansweredCount > MAX_UNANSWERED) {
      return { status: 'failed', says: 'The relay process does not answer.' };
    }
    return { status: 'ok', says: 'The relay is running.' };
  }

  /** A box without a network still has itself; it must start, and follow the network later. */
  #reachable(): readonly string[] {
    const addresses = this.#deps.addresses();
    return addresses.length > 0 ? addresses : ['127.0.0.1'];
  }

  async #freePort(addresses: readonly string[]): Promise<number> {
    try {
      return await freePort(addresses, this.#config.port);
    } catch (error) {
      throw portRefusal(this.#config.port, systemCode(error));
    }
  }

  #spawn(settings: string): ChildProcess {
    const [guard, ...rules] = GUARD;
    return spawn(guard, [...rules, this.#config.coturnProgram, '-c', settings], {
      env: { PATH: process.env['PATH'] },
      stdio: 'ignore',
    });
  }
}

/** Resolves when the server answers; rejects when it ends before, or never does. */
async function firstAnswer(
  child: ChildProcess,
  probe: StunProbe,
  signal: AbortSignal,
): Promise<void> {
  let cause: unknown;
  child.once('error', (error) => (cause = error));
  for (let n = 0; n < START_WITHIN_PROBES; n++) {
    if (hasEnded(child)) break;
    probe.send();
    await pause(FIRST_PROBE_MS, undefined, { signal });
    if (probe.answersCount > 0) return;
  }
  if (child.exitCode === NOT_FOUND || systemCode(cause) === 'ENOENT') {
    throw new Refusal(
      'The coturn server is not installed. Install it, or set "relay": {"engine": "node-turn"}.',
    );
  }
  throw new ApplianceError(relayErrors, 'RELAY_PROCESS_FAILED', {}, cause);
}
