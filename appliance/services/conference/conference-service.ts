import { Following } from '#kernel/following.ts';
import type { Logger } from '#kernel/log.ts';
import type { Health, Service } from '#kernel/service.ts';
import type { ConferenceConfig } from './config.ts';
import type { Sfu } from './sfu.ts';
import { Workers } from './workers.ts';

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
  readonly #workers: Workers;
  readonly #following: Following;
  readonly #log: Logger;

  constructor({ sfu, addresses, log }: ConferenceServiceDeps, config: ConferenceConfig) {
    this.#workers = new Workers(sfu, addresses, config);
    this.#following = new Following(this.#workers);
    this.#log = log;
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#following.start(signal);
    this.#log.info({ workersCount: this.pids.length }, 'media workers are running');
  }

  /** It keeps nothing, so there is nothing to finish. */
  async quiesce(): Promise<void> {}

  stop(): Promise<void> {
    return this.#following.stop();
  }

  health(): Health {
    if (this.#following.isMoving) {
      return { status: 'degraded', says: 'The media workers follow the network.' };
    }
    const { running } = this.#workers;
    if (running.length === 0) return { status: 'failed', says: 'Conferences are not running.' };
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
