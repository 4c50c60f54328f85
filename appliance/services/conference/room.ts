import { Serial } from '#kernel/serial.ts';
import { Refused } from './errors.ts';
import type { Capabilities, Dtls, Kind, Rtp } from './media-forms.ts';
import { Peer, type Direction } from './peer.ts';
import type { SfuConsumer, SfuRouter, SfuTransport, SfuWorker } from './sfu.ts';

/** Bounds of one room; config.ts says what each stops. */
export interface RoomLimits {
  devicesPerRoomCount: number;
  streamsPerDeviceCount: number;
  bitsPerSecondPerDevice: number;
}

/** Who is in a room and what they send. */
export interface RoomState {
  peers: string[];
  producers: { id: string; d: string; kind: Kind }[];
}

/** What a room is made of. */
export interface RoomParts {
  id: string;
  /** The conversation that it belongs to. */
  cid: string;
  worker: SfuWorker;
  router: SfuRouter;
}

/** One conference: its devices and their streams on one router. Its steps run one at a time. */
export class Room {
  readonly id: string;
  readonly cid: string;
  readonly worker: SfuWorker;
  readonly turn = new Serial();
  readonly #router: SfuRouter;
  readonly #limits: RoomLimits;
  readonly #peers = new Map<string, Peer>();

  constructor({ id, cid, worker, router }: RoomParts, limits: RoomLimits) {
    this.id = id;
    this.cid = cid;
    this.worker = worker;
    this.#router = router;
    this.#limits = limits;
  }

  get capabilities(): unknown {
    return this.#router.capabilities;
  }

  get peers(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  get state(): RoomState {
    return {
      peers: [...this.#peers.keys()],
      producers: this.peers.flatMap(({ device: d, producers }) =>
        [...producers.values()].map(({ id, kind }) => ({ id, d, kind })),
      ),
    };
  }

  has(device: string): boolean {
    return this.#peers.has(device);
  }

  /** A device that joins again, after a reload or a lost network, begins anew. */
  join(device: string, nowMs: number): void {
    this.leave(device);
    if (this.#peers.size >= this.#limits.devicesPerRoomCount) throw new Refused('CONFERENCE_CROWD');
    this.#peers.set(device, new Peer(device, nowMs));
  }

  /** Ends everything of the device; nothing if it is not here. */
  leave(device: string): void {
    const peer = this.#peers.get(device);
    if (!peer) return;
    this.#dropConsumersOf(peer);
    peer.close();
    this.#peers.delete(device);
  }

  async openTransport(device: string, direction: Direction): Promise<SfuTransport> {
    const peer = this.#peer(device);
    const transport = await this.#router.openTransport(this.#limits.bitsPerSecondPerDevice);
    if (this.#peers.get(device) !== peer) {
      // It left, or was taken out, while the transport was opened.
      transport.close();
      throw new Refused('CONFERENCE_ROOM_NONE');
    }
    if (direction === 'send') this.#dropConsumersOf(peer);
    peer.setTransport(direction, transport);
    return transport;
  }

  connect(device: string, transport: string, dtls: Dtls): Promise<void> {
    const found = this.#peer(device).transport(transport);
    return ofMedia(found.connect(dtls));
  }

  /** The id of the new producer. */
  async produce(device: string, transport: string, kind: Kind, rtp: Rtp): Promise<string> {
    const peer = this.#peer(device);
    const found = peer.transport(transport, 'send');
    if (peer.producers.size >= this.#limits.streamsPerDeviceCount) {
      throw new Refused('CONFERENCE_CROWD');
    }
    const producer = await ofMedia(found.produce(kind, rtp));
    peer.producers.set(producer.id, producer);
    return producer.id;
  }

  /** A consumer of another device's stream, in place of an earlier one of the same. */
  async consume(
    device: string,
    transport: string,
    producer: string,
    caps: Capabilities,
  ): Promise<SfuConsumer> {
    const peer = this.#peer(device);
    const found = peer.transport(transport, 'recv');
    const isThere = this.peers.some((one) => one !== peer && one.producers.has(producer));
    if (!isThere) throw new Refused('CONFERENCE_THING_UNKNOWN');
    // A page that has lost the answer asks again; two would double what it is sent.
    peer.dropConsumersOf(producer);
    const consumer = await ofMedia(found.consume(producer, caps));
    peer.consumers.set(consumer.id, Object.assign(consumer, { of: producer }));
    return consumer;
  }

  async resume(device: string, consumer: string): Promise<void> {
    const found = this.#peer(device).consumers.get(consumer);
    if (!found) throw new Refused('CONFERENCE_THING_UNKNOWN');
    await found.resume();
  }

  /** Ends a stream that the device sends; nothing if it has ended. */
  closeProducer(device: string, id: string): void {
    const { producers } = this.#peer(device);
    const producer = producers.get(id);
    if (!producer) return;
    for (const peer of this.peers) peer.dropConsumersOf(id);
    producers.delete(id);
    producer.close();
  }

  /** Ends a stream that the device is sent; nothing if it has ended. */
  closeConsumer(device: string, id: string): void {
    const { consumers } = this.#peer(device);
    consumers.get(id)?.close();
    consumers.delete(id);
  }

  /** Notes that the device asked for something; throws CONFERENCE_ROOM_NONE if it is not here. */
  touch(device: string, nowMs: number): void {
    this.#peer(device).askedAtMs = nowMs;
  }

  close(): void {
    for (const peer of this.peers) peer.close();
    this.#peers.clear();
    this.#router.close();
  }

  #peer(device: string): Peer {
    const peer = this.#peers.get(device);
    if (!peer) throw new Refused('CONFERENCE_ROOM_NONE');
    return peer;
  }

  #dropConsumersOf(peer: Peer): void {
    for (const id of peer.producers.keys()) {
      for (const other of this.peers) other.dropConsumersOf(id);
    }
  }
}

/** The SFU rejects what it cannot use; whoever sent it is told so. */
async function ofMedia<T>(done: Promise<T>): Promise<T> {
  try {
    return await done;
  } catch (error) {
    throw new Refused('CONFERENCE_MEDIA_REFUSED', error);
  }
}
