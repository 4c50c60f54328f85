import { Refused } from './errors.ts';
import type { SfuConsumer, SfuProducer, SfuTransport } from './sfu.ts';

/** Which way the media of a transport flows, as the browser sees it. */
export type Direction = 'send' | 'recv';

/** A device in a room, and all that the SFU holds for it. */
export class Peer {
  readonly device: string;
  readonly producers = new Map<string, SfuProducer>();
  /** With the producer that each one is of. */
  readonly consumers = new Map<string, SfuConsumer & { of: string }>();
  readonly #transports = new Map<Direction, SfuTransport>();
  /** When it last asked for something, by a clock that never goes back. */
  askedAtMs: number;

  constructor(device: string, nowMs: number) {
    this.device = device;
    this.askedAtMs = nowMs;
  }

  /** Whether its browser is heard by the worker. */
  get isConnected(): boolean {
    return [...this.#transports.values()].some(({ isConnected }) => isConnected);
  }

  /** One for each direction: a new one, after a change of network, ends the old one and all on it. */
  setTransport(direction: Direction, transport: SfuTransport): void {
    this.#transports.get(direction)?.close();
    this.#transports.set(direction, transport);
    (direction === 'send' ? this.producers : this.consumers).clear();
  }

  /** The transport with this id; throws CONFERENCE_THING_UNKNOWN. */
  transport(id: string, direction?: Direction): SfuTransport {
    for (const [way, transport] of this.#transports) {
      if (transport.id === id && (direction ?? way) === way) return transport;
    }
    throw new Refused('CONFERENCE_THING_UNKNOWN');
  }

  /** Its consumers of a producer that has ended. */
  dropConsumersOf(producer: string): void {
    for (const [id, consumer] of this.consumers) {
      if (consumer.of !== producer) continue;
      consumer.close();
      this.consumers.delete(id);
    }
  }

  close(): void {
    for (const transport of this.#transports.values()) transport.close();
    this.#transports.clear();
    this.producers.clear();
    this.consumers.clear();
  }
}
