import type { Health, Service } from '#kernel/service.ts';
import type { TurnCredentials, TurnProvider } from './turn-provider.ts';

/** STUN and TURN for calls that find no direct way. */
export class RelayService implements Service {
  readonly name = 'relay';
  readonly needs: readonly string[] = [];
  readonly claims = [];
  readonly #provider: TurnProvider;

  constructor(provider: TurnProvider) {
    this.#provider = provider;
  }

  start(signal: AbortSignal): Promise<void> {
    return this.#provider.start(signal);
  }

  /** It keeps nothing, so there is nothing to finish. */
  async quiesce(): Promise<void> {}

  stop(): Promise<void> {
    return this.#provider.stop();
  }

  health(): Health {
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
