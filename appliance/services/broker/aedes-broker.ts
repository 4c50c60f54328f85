import type { Duplex } from 'node:stream';
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { Logins, Topics } from './access.ts';
import type { BrokerConfig } from './config.ts';
import { GuardedStream } from './guarded-stream.ts';
import { Mailboxes } from './mailboxes.ts';
import type { Mqtt, PublishOptions } from './mqtt.ts';
import { Rate } from './rate.ts';
import { boundStore, type SessionStore } from './session-store.ts';
import { isFingerprint } from './topics.ts';

/** What the broker is built from. */
export interface AedesDeps {
  logins: Logins;
  topics: Topics;
  clock: Clock;
  log: Logger;
}

/** MQTT 3.1.1; 3.1 (level 3) has other rules for client ids, 5 is answered by the library. */
const PROTOCOL_LEVEL = 4;
/** Packets before CONNACK, and half-done QoS 2 exchanges: nobody honest has many. */
const MAX_UNFINISHED = 16;
/** Ours have four; a few more are refused politely, many would cost the matcher time. */
const MAX_LEVELS = 8;

const refused: AuthenticateError = Object.assign(new Error('not authorized'), { returnCode: 5 });
const notYours = new Error('topic refused');

/** The MQTT broker on aedes, with sessions in memory only. */
export class AedesBroker implements Mqtt {
  readonly #deps: AedesDeps;
  readonly #config: BrokerConfig;
  readonly #connections = new Set<GuardedStream>();
  readonly #pending = new Map<GuardedStream, string>();
  readonly #devices = new Map<string, GuardedStream>();
  readonly #rates = new Map<string, Rate>();
  #broker: Aedes | undefined;
  #forget: (device: string) => Promise<void> = async () => {};
  #failure: Error | undefined;

  constructor(deps: AedesDeps, config: BrokerConfig) {
    this.#deps = deps;
    this.#config = config;
  }

  get devicesCount(): number {
    return this.#devices.size;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  async open(): Promise<void> {
    const { topics } = this.#deps;
    const broker = await Aedes.createBroker({
      connectTimeout: this.#config.connectTimeoutMs,
      keepaliveLimit: this.#config.maxKeepaliveSeconds,
      queueLimit: MAX_UNFINISHED,
      maxInflightInbound: MAX_UNFINISHED,
      maxTopicLevels: MAX_LEVELS,
      authenticate: (client, username, password, done) => {
        const isIn = this.#login(client, username, password);
        done(isIn ? null : refused, isIn);
      },
      // Refusing cuts the connection: MQTT 3.1.1 has no other negative answer (MQTT-3.3.5-2).
      authorizePublish: (client, { topic, retain }, done) =>
        done(client && !retain && topics.mayPublish(client.id, topic) ? null : notYours),
      authorizeSubscribe: (client, subscription, done) =>
        done(null, topics.mayFilter(client.id, subscription.topic) ? subscription : null),
      authorizeForward: (client, packet) =>
        topics.mayReceive(client.id, packet.topic) ? packet : null,
    });
    broker.on('client', (client) => this.#enter(client));
    // Not in the library's types: a failure of its store, after which it cannot be trusted.
    (broker as NodeJS.EventEmitter).on('error', (error: Error) => {
      this.#failure = error;
      this.#deps.log.error({ error: error.message }, 'broker failed');
    });
    const { persistence } = broker as unknown as { persistence: SessionStore };
    this.#forget = boundStore(persistence, topics, new Mailboxes(this.#config));
    this.#failure = undefined;
    this.#broker = broker;
  }

  accept(inner: Duplex, address: string): void {
    const pendingHere = [...this.#pending.values()].filter((other) => other === address).length;
    const isCrowd = pendingHere >= this.#config.maxPendingPerAddressCount;
    if (!this.#broker || isCrowd || !this.#hasRoom()) {
      inner.on('error', () => {});
      inner.destroy();
      return;
    }
    const stream = new GuardedStream(inner, this.#config, this.#newRate(), this.#deps.clock);
    this.#connections.add(stream);
    this.#pending.set(stream, address);
    stream.on('close', () => this.#leave(stream));
    this.#broker.handle(stream);
  }

  publish(topic: string, payload: Uint8Array, { retain }: PublishOptions): Promise<void> {
    const packet: PublishPacket = {
      cmd: 'publish',
      topic,
      payload: Buffer.from(payload),
      qos: 0,
      retain,
      dup: false,
    };
    return new Promise((resolve, reject) => {
      this.#broker?.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }

  drop(device: string): void {
    this.#devices.get(device)?.destroy();
    this.#rates.delete(device);
    void this.#forget(device).catch((error: unknown) => {
      this.#deps.log.warn({ error: String(error) }, 'mailbox not emptied');
    });
  }

  async close(): Promise<void> {
    const broker = this.#broker;
    this.#broker = undefined;
    for (const connection of this.#connections) connection.destroy();
    if (broker) await new Promise<void>((resolve) => broker.close(resolve));
    this.#rates.clear();
  }

  #newRate(): Rate {
    const { packetsPerSecondCount, packetBurstCount } = this.#config;
    return new Rate(packetsPerSecondCount, packetBurstCount, this.#deps.clock.monotonic());
  }

  #login(client: Client, username: string | undefined, password: Buffer | undefined): boolean {
    const { id, version } = client;
    if (version !== PROTOCOL_LEVEL || !username || !password || !isFingerprint(id)) return false;
    if (this.#deps.logins.verify(id, username, password)?.device !== id) return false;
    const stream = client.conn as GuardedStream;
    const rate = this.#rates.get(id) ?? this.#newRate();
    this.#rates.set(id, rate);
    stream.use(rate);
    this.#pending.delete(stream);
    return true;
  }

  #enter(client: Client): void {
    const stream = client.conn as GuardedStream;
    // The library displaces an earlier connection itself; one that was just closing escapes it.
    this.#devices.get(client.id)?.destroy();
    if (stream.destroyed) return;
    this.#devices.set(client.id, stream);
    stream.on('close', () => {
      if (this.#devices.get(client.id) === stream) this.#devices.delete(client.id);
    });
  }

  /**
   * Whether one more connection has a place. Those that have not logged in give
   * way, the oldest first: strangers with many addresses must not keep members out.
   */
  #hasRoom(): boolean {
    if (this.#connections.size < this.#config.maxConnectionsCount) return true;
    const [oldest] = this.#pending.keys();
    if (!oldest) return false;
    this.#leave(oldest);
    oldest.destroy();
    return true;
  }

  #leave(stream: GuardedStream): void {
    this.#connections.delete(stream);
    this.#pending.delete(stream);
  }
}
