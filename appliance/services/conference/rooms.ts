import type { Clock } from '#kernel/clock.ts';
import type { Events } from '#kernel/events.ts';
import { Serial } from '#kernel/serial.ts';
import { H32 } from '#protocol/codec/hash.ts';
import { toB32 } from '#protocol/codec/text-form.ts';
import type { ConferenceConfig } from './config.ts';
import { Refused } from './errors.ts';
import { Room } from './room.ts';
import type { SfuWorker } from './sfu.ts';

/** Who may take part; the swarm service answers. */
export interface Insiders {
  /** Whether the device is in the conversation at this moment. */
  isInside(device: string, cid: string): boolean;
}

/** What the rest of the box hears. */
export interface ConferenceFacts {
  /** Who is in a room, or what they send, has changed, or the room has ended. */
  room: { id: string; devices: readonly string[] };
}

/** What rooms are built from. */
export interface RoomsDeps {
  insiders: Insiders;
  /** Those that run, dead ones included. */
  workers: () => readonly SfuWorker[];
  events: Events<ConferenceFacts>;
  clock: Clock;
}

/** Name of a room at the SFU: nobody who does not know the conference can make it up. */
export function roomId(cid: string, conf: string): string {
  return toB32(H32('room', cid, conf));
}

/** All conferences. A room begins with its first device and ends with its last. */
export class Rooms {
  readonly #deps: RoomsDeps;
  readonly #config: ConferenceConfig;
  readonly #rooms = new Map<string, Room>();
  readonly #opening = new Serial();

  constructor(deps: RoomsDeps, config: ConferenceConfig) {
    this.#deps = deps;
    this.#config = config;
  }

  get count(): number {
    return this.#rooms.size;
  }

  /** Lets a device in; throws Refused. */
  async join(device: string, id: string, cid: string, conf: string): Promise<Room> {
    const isInside = this.#deps.insiders.isInside(device, cid);
    if (!isInside || id !== roomId(cid, conf)) throw new Refused('CONFERENCE_NOT_INSIDE');
    const others = [...this.#rooms.values()].filter((room) => room.id !== id && room.has(device));
    if (others.length >= this.#config.roomsPerDeviceCount) throw new Refused('CONFERENCE_CROWD');
    const room = await this.#opening.run(async () => {
      const opened = await this.#open(id, cid);
      opened.join(device, this.#deps.clock.monotonic());
      return opened;
    });
    this.tell(room, device);
    return room;
  }

  /** A room for a device that may know of it; throws Refused. */
  find(device: string, id: string): Room {
    const room = this.#rooms.get(id);
    if (!room) throw new Refused('CONFERENCE_ROOM_NONE');
    if (this.#deps.insiders.isInside(device, room.cid)) return room;
    this.#remove(room, device);
    throw new Refused('CONFERENCE_NOT_INSIDE');
  }

  /** One step of a device that has joined, after the steps before it. */
  step<T>(device: string, id: string, task: (room: Room) => Promise<T>): Promise<T> {
    const room = this.find(device, id);
    return room.turn.run(async () => {
      room.touch(device, this.#deps.clock.monotonic());
      try {
        return await task(room);
      } catch (error) {
        if (room.worker.isDead) throw new Refused('CONFERENCE_ROOM_NONE', error);
        throw error;
      }
    });
  }

  /** Takes a device out of a room. */
  leave(device: string, id: string): void {
    const room = this.#rooms.get(id);
    if (room) this.#remove(room, device);
  }

  /** Tells the devices in a room, but the one that did it, that something has changed. */
  tell(room: Room, but?: string): void {
    const devices = room.state.peers.filter((device) => device !== but);
    if (devices.length > 0) this.#deps.events.emit('room', { id: room.id, devices });
  }

  /** Takes out who is lost, and who is not in the conversation any more. */
  sweep(): void {
    const nowMs = this.#deps.clock.monotonic();
    for (const room of [...this.#rooms.values()]) {
      for (const { device, isConnected, askedAtMs } of room.peers) {
        const isLost = !isConnected && nowMs - askedAtMs > this.#config.lostAfterMs;
        const isInside = this.#deps.insiders.isInside(device, room.cid);
        if (isLost || !isInside) this.#remove(room, device);
      }
    }
  }

  /** Ends the rooms of a worker, or all; their devices are told, and come back by themselves. */
  end(worker?: SfuWorker): void {
    for (const room of [...this.#rooms.values()]) {
      if (worker !== undefined && room.worker !== worker) continue;
      this.#rooms.delete(room.id);
      this.tell(room);
      room.close();
    }
  }

  async #open(id: string, cid: string): Promise<Room> {
    const known = this.#rooms.get(id);
    if (known) return known;
    if (this.#rooms.size >= this.#config.roomsCount) throw new Refused('CONFERENCE_CROWD');
    const worker = this.#leastLoaded();
    try {
      const router = await worker.openRouter();
      const room = new Room({ id, cid, worker, router }, this.#config);
      this.#rooms.set(id, room);
      return room;
    } catch (error) {
      // It has ended in this moment; another will be there when the app asks again.
      throw new Refused('CONFERENCE_ROOM_NONE', error);
    }
  }

  #leastLoaded(): SfuWorker {
    const load = (worker: SfuWorker): number =>
      [...this.#rooms.values()]
        .filter((room) => room.worker === worker)
        .reduce((sum, { peers }) => sum + 1 + peers.length, 0);
    const [first] = this.#deps
      .workers()
      .filter(({ isDead }) => !isDead)
      .map((worker) => ({ worker, load: load(worker) }))
      .toSorted((a, b) => a.load - b.load);
    if (!first) throw new Refused('CONFERENCE_ROOM_NONE');
    return first.worker;
  }

  #remove(room: Room, device: string): void {
    if (!room.has(device)) return;
    this.tell(room);
    room.leave(device);
    if (room.peers.length > 0 || this.#rooms.get(room.id) !== room) return;
    this.#rooms.delete(room.id);
    room.close();
  }
}
