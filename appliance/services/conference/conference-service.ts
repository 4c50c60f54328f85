import { Following } from '#kernel/following.ts';
import type { Clock } from '#kernel/clock.ts';
import { Events } from '#kernel/events.ts';
import type { Logger } from '#kernel/log.ts';
import type { Route } from '#kernel/route.ts';
import { Scope } from '#kernel/scope.ts';
import type { Health, Service } from '#kernel/service.ts';
import type { ConferenceConfig } from './config.ts';
import { roomRoutes } from './room-routes.ts';
import { Rooms, type ConferenceFacts, type Insiders } from './rooms.ts';
import type { Sfu, SfuWorker } from './sfu.ts';
import { Workers } from './workers.ts';

/** What the service is built from. */
export interface ConferenceServiceDeps {
  sfu: Sfu;
  /** IPv4 addresses of the box that participants can reach, as they are now. */
  addresses: () => readonly string[];
  insiders: Insiders;
  clock: Clock;
  log: Logger;
}

const sweepEveryMs = 2_000;

/** Conferences of more than two: one media worker for each core, rooms on the least busy one. */
export class ConferenceService implements Service {
  readonly name = 'conference';
  readonly needs: readonly string[] = [];
  readonly claims = [];
  /** Facts for main.ts to publish. */
  readonly events: Events<ConferenceFacts>;
  /** All doors. */
  readonly routes: readonly Route[];
  readonly #rooms: Rooms;
  #scope: Scope | undefined;
  readonly #workers: Workers;
  readonly #following: Following;
  readonly #log: Logger;

  constructor(deps: ConferenceServiceDeps, config: ConferenceConfig) {
    const { sfu, addresses, insiders, clock, log } = deps;
    this.events = new Events<ConferenceFacts>((error) =>
      log.error({ err: error }, 'a listener failed'),
    );
    const onDeath = (worker: SfuWorker): void => this.#rooms.end(worker);
    this.#workers = new Workers({ sfu, addresses, clock, onDeath }, config);
    const workers = (): Workers['running'] => this.#workers.running;
    this.#rooms = new Rooms({ insiders, workers, events: this.events, clock }, config);
    this.#following = new Following({
      start: (signal) => this.#workers.start(signal),
      stop: async () => {
        this.#rooms.end();
        await this.#workers.stop();
      },
      hasMoved: () => this.#workers.hasMoved(),
    });
    this.routes = roomRoutes(this.#rooms);
    this.#log = log;
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    await this.#following.start(signal);
    const scope = new Scope();
    scope.every(sweepEveryMs, () => this.sweep());
    this.#scope = scope;
    this.#log.info({ workersCount: this.pids.length }, 'media workers are running');
  }

  /** It keeps nothing, so there is nothing to finish. */
  async quiesce(): Promise<void> {}

  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    await scope?.[Symbol.asyncDispose]();
    await this.#following.stop();
  }

  /** Takes out of all rooms who is lost or not in the conversation any more; also to be called when members change. */
  sweep(): void {
    this.#rooms.sweep();
  }

  health(): Health {
    if (this.#following.isMoving) {
      return { status: 'degraded', says: 'The media workers follow the network.' };
    }
    const { running } = this.#workers;
    if (running.length === 0) return { status: 'failed', says: 'Conferences are not running.' };
    if (this.#workers.isReplacing) {
      return { status: 'degraded', says: 'A media worker has ended; another takes its place.' };
    }
    if (running.some(({ isDead }) => isDead)) {
      return { status: 'failed', says: 'A media worker has ended.' };
    }
    const are = running.length === 1 ? 'worker is' : 'workers are';
    return { status: 'ok', says: `${running.length} media ${are} running.` };
  }

  /** Process ids of the workers, for whoever wants to look at them. */
  get pids(): readonly number[] {
    return this.#workers.running.map(({ pid }) => pid);
  }
}
