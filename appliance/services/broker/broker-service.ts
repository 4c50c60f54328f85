import type { Duplex } from 'node:stream';
import { ApplianceError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { Scope } from '#kernel/scope.ts';
import type { Health, Service } from '#kernel/service.ts';
import type { BrokerConfig } from './config.ts';
import { brokerErrors } from './errors.ts';
import type { Mqtt, PublishOptions } from './mqtt.ts';
import { listenTls, type TlsListener, type TlsMaterial } from './tls-listener.ts';
import { isBoxTopic } from './topics.ts';

/** What the service is built from. */
export interface BrokerServiceDeps {
  mqtt: Mqtt;
  /** Address the TLS port is opened on: all interfaces or loopback. */
  host: string;
  /** Key and certificate of the TLS port, asked for at each start. */
  tls: () => TlsMaterial;
  log: Logger;
}

/** The broker: carries announcements and sealed signals between devices that are logged in. */
export class BrokerService implements Service {
  readonly name = 'broker';
  readonly needs: readonly string[] = [];
  readonly claims = [];
  readonly #deps: BrokerServiceDeps;
  readonly #config: BrokerConfig;
  readonly #ready = new Set<() => void>();
  #scope: Scope | undefined;
  #listener: TlsListener | undefined;
  #isQuiet = false;

  constructor(deps: BrokerServiceDeps, config: BrokerConfig) {
    this.#deps = deps;
    this.#config = config;
  }

  /** The TLS port in use; undefined when it is off or the service does not run. */
  get tlsPort(): number | undefined {
    return this.#listener?.port;
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    const scope = new Scope();
    try {
      signal.throwIfAborted();
      scope.defer(() => this.#deps.mqtt.close());
      await this.#deps.mqtt.open();
      if (this.#config.tlsEnabled) {
        const { tlsPort: port, maxConnectionsCount } = this.#config;
        const place = { host: this.#deps.host, port, maxConnectionsCount };
        const listener = await listenTls(place, this.#deps.tls(), (stream, from) =>
          this.handle(stream, { address: from }),
        );
        scope.defer(() => listener.close());
        this.#listener = listener;
      }
      signal.throwIfAborted();
    } catch (error) {
      this.#listener = undefined;
      await scope[Symbol.asyncDispose]();
      throw error;
    }
    this.#isQuiet = false;
    this.#scope = scope;
    for (const listener of this.#ready) listener();
  }

  /** Takes no further connections; what is connected stays. */
  async quiesce(): Promise<void> {
    this.#isQuiet = true;
  }

  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    this.#listener = undefined;
    await scope?.[Symbol.asyncDispose]();
  }

  health(): Health {
    const { failure, devicesCount } = this.#deps.mqtt;
    if (!this.#scope) return { status: 'failed', says: 'The broker is not running.' };
    if (failure)
      return { status: 'failed', says: 'The broker broke inside and must be restarted.' };
    if (this.#listener?.isClosed) return { status: 'failed', says: 'The MQTT port is closed.' };
    const devices = devicesCount === 1 ? '1 device is' : `${devicesCount} devices are`;
    return { status: 'ok', says: `${devices} connected.` };
  }

  /**
   * Takes a connection that speaks MQTT; the gateway calls it for each WebSocket
   * with subprotocol `mqtt`. `address` is only used to count logins under way.
   */
  handle(stream: Duplex, info: { address: string }): void {
    if (this.#isQuiet) stream.destroy();
    else this.#deps.mqtt.accept(stream, info.address);
  }

  /**
   * Publishes for the box: heads (`s/…/h/…`, retained) and hints to one device (`b/…`).
   * Rejects with BROKER_NOT_RUNNING, or BROKER_TOPIC_FOREIGN for any other topic.
   */
  async publish(topic: string, payload: Uint8Array, options: PublishOptions): Promise<void> {
    if (!this.#scope) throw new ApplianceError(brokerErrors, 'BROKER_NOT_RUNNING');
    if (!isBoxTopic(topic)) throw new ApplianceError(brokerErrors, 'BROKER_TOPIC_FOREIGN');
    await this.#deps.mqtt.publish(topic, payload, options);
  }

  /** Cuts a device at once and forgets what waits for it: for one that was banned or revoked. */
  drop(device: string): void {
    this.#deps.mqtt.drop(device);
  }

  /**
   * Calls `listener` after each start. Retained heads are in memory only, so the
   * swarm announces them again then. Returns what ends that.
   */
  onReady(listener: () => void): () => void {
    this.#ready.add(listener);
    return () => this.#ready.delete(listener);
  }
}
