import { Following } from '#kernel/following.ts';
import type { Caller, Route } from '#kernel/route.ts';
import type { Health, Service } from '#kernel/service.ts';
import type { TurnCredentials, TurnProvider } from './turn-provider.ts';

/** STUN and TURN for calls that find no direct way. */
export class RelayService implements Service {
  readonly name = 'relay';
  readonly needs: readonly string[] = [];
  readonly claims = [];
  /** All doors. */
  readonly routes: readonly Route[];
  readonly #provider: TurnProvider;
  readonly #following: Following;

  /** The credentials handed out are good for `credentialSeconds`. */
  constructor(provider: TurnProvider, credentialSeconds: number) {
    this.#provider = provider;
    this.#following = new Following(provider);
    this.routes = [
      {
        method: 'GET',
        path: '/v1/turn',
        access: 'signed',
        maxBodyBytes: 0,
        handle: async ({ caller }) => ({
          json: this.credentials((caller as Caller).device, credentialSeconds),
        }),
      },
    ];
  }

  start(signal: AbortSignal): Promise<void> {
    return this.#following.start(signal);
  }

  /** It keeps nothing, so there is nothing to finish. */
  async quiesce(): Promise<void> {}

  stop(): Promise<void> {
    return this.#following.stop();
  }

  health(): Health {
    if (this.#following.isMoving) {
      return { status: 'degraded', says: 'The relay follows the network.' };
    }
    return this.#provider.health();
  }

  /**
   * Credentials for a device of the mission; whether it is one was checked by the
   * gateway. Throws RELAY_NOT_RUNNING.
   */
  credentials(device: string, ttlSeconds: number): TurnCredentials {
    return this.#provider.credentials(device, ttlSeconds);
  }
}
