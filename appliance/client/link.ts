import { backOffMs, Bell } from './bell.ts';
import type { Clock, MqttConnection, MqttLogin, Network } from './ports.ts';

/** What a link needs of its surroundings. */
export interface LinkOptions {
  network: Network;
  clock: Clock;
  /** A fresh proof for each connection (A4); after a failure, of a fresh session. */
  login(signal: AbortSignal, failures: number): Promise<MqttLogin>;
  /** A message came; nothing in it is believed, it only says where to look. */
  onHint(topic: string, payload: Uint8Array): void;
  /** Connected or not any more. */
  onChange(): void;
}

/**
 * Keeps one MQTT connection to the box, for hints that something changed. Without it the
 * engine asks by itself, so that everything still works, only later.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #bell: Bell;
  #wanted: readonly string[] = [];
  #covered = new Set<string>();
  #connection: MqttConnection | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#bell = new Bell(options.clock);
  }

  /** Tries at once instead of waiting for its time. */
  wake(): void {
    if (!this.isUp) this.#bell.ring();
  }

  /** Whether hints arrive at present. */
  get isUp(): boolean {
    return this.#connection !== undefined;
  }

  /** Says which topic filters to listen to, now and after each new connection. */
  async listen(filters: readonly string[]): Promise<void> {
    this.#wanted = filters;
    const missing = filters.filter((filter) => !this.#covered.has(filter));
    if (!this.#connection || missing.length === 0) return;
    const connection = this.#connection;
    try {
      await connection.subscribe(missing);
      for (const filter of missing) this.#covered.add(filter);
    } catch {
      // The broker may learn of a new room a moment after we did: the next call asks again.
    }
  }

  /** Hands a message to the broker; false if it could not be had. */
  async publish(topic: string, payload: Uint8Array): Promise<boolean> {
    if (!this.#connection) return false;
    try {
      await this.#connection.publish(topic, payload);
      return true;
    } catch {
      // The connection broke meanwhile; whoever publishes decides whether it is worth a second try.
      return false;
    }
  }

  /** Connects again and again, with growing pauses, until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    if (!this.#options.network.mqtt) return;
    let failures = 0;
    while (!signal.aborted) {
      const wasUp = await this.#connectOnce(signal, failures);
      failures = wasUp ? 1 : failures + 1;
      await this.#bell.rest(backOffMs(failures), signal);
    }
  }

  /** Resolves when the connection ended: true if it ever stood. */
  async #connectOnce(signal: AbortSignal, failures: number): Promise<boolean> {
    const ended = Promise.withResolvers<void>();
    try {
      const login = await this.#options.login(signal, failures);
      const connection = await this.#options.network.mqtt?.(
        login,
        {
          onMessage: (topic, payload) => {
            this.#options.onHint(topic, payload);
          },
          onClose: ended.resolve,
        },
        signal,
      );
      this.#connection = connection;
      this.#covered = new Set();
      await this.listen(this.#wanted);
      this.#options.onChange();
      signal.addEventListener('abort', () => ended.resolve(), { once: true });
      await ended.promise;
      await connection?.close();
      return true;
    } catch {
      // Whatever failed, login or socket, is tried again; the sync loop tells the person.
      return false;
    } finally {
      this.#connection = undefined;
      this.#options.onChange();
    }
  }
}
