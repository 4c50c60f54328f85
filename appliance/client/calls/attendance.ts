import { backOffMs } from '../bell.ts';
import { at, textAt } from '../exchange.ts';
import type { Clock } from '../ports.ts';
import type { CallDoors } from './doors.ts';
import type { OwnMedia } from './own-media.ts';
import type { CallPlatform, Frames, Seat, SeatDoors } from './ports.ts';
import { readRoomState, type Producer, type RoomState } from './room-state.ts';

export interface AttendanceDeps {
  clock: Clock;
  platform: CallPlatform;
  doors: CallDoors;
  media: OwnMedia;
  /** This device. */
  self: string;
}

export interface AttendanceEvents {
  /** What the box says of the room; returns what is to be received. */
  onState(state: RoomState): readonly Producer[];
  /** Whether media can flow. */
  onStep(step: 'on' | 'lost'): void;
  onChange(): void;
}

/** Which conference this is at the SFU. */
export interface Place {
  cid: string;
  conf: string;
  room: string;
}

/** A worker of the SFU that died is there again in about this time. */
const firstRetryMs = 300;

/** Keeps this device seated at the SFU: a seat that is lost is taken anew, with growing pauses. */
export class Attendance {
  readonly #deps: AttendanceDeps;
  readonly #events: AttendanceEvents;
  readonly #place: Place;
  readonly #frames: Frames;
  readonly #ending = new AbortController();
  #seat: Seat | undefined;
  #isMending = false;
  /** Seats that were lost or refused since one has lasted. */
  #failures = 0;
  #reading: Promise<void> | undefined;
  #isStale = false;

  constructor(deps: AttendanceDeps, events: AttendanceEvents, place: Place, frames: Frames) {
    this.#deps = deps;
    this.#events = events;
    this.#place = place;
    this.#frames = frames;
  }

  get seat(): Seat | undefined {
    return this.#seat;
  }

  /** Takes the first seat. Rejects if it cannot be had at all. */
  join(): Promise<void> {
    return this.#sit();
  }

  /** Asks the box who is there, at most once at a time; what came meanwhile is asked for again. */
  refresh(): Promise<void> {
    this.#isStale = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Ends it here; the box is told by whoever ends it. */
  stop(): void {
    this.#ending.abort();
    this.#seat?.close();
    this.#seat = undefined;
  }

  async #readAll(): Promise<void> {
    while (this.#isStale && this.#seat) {
      this.#isStale = false;
      const seat = this.#seat;
      try {
        await this.#read(seat);
        this.#failures = 0;
      } catch {
        if (this.#seat === seat) this.#lose();
      }
    }
  }

  /** Throws when the box does not answer, or the SFU does not know this device any more. */
  async #read(seat: Seat): Promise<void> {
    const told = await this.#deps.doors.room(this.#place.room, this.#ending.signal);
    const state = readRoomState(told);
    if (!state.peers.includes(this.#deps.self)) throw new Error('not seated any more');
    await seat.follow(this.#events.onState(state));
    this.#events.onChange();
  }

  async #sit(): Promise<void> {
    const { doors, media, platform } = this.#deps;
    const { cid, conf, room } = this.#place;
    const { signal } = this.#ending;
    const told = await doors.ask(room, 'join', { cid, conf }, signal);
    const seat = await platform.openSeat(this.#frames, at(told, 'rtp'), this.#doors(), {
      onChange: () => {
        this.#events.onChange();
      },
      onLost: () => {
        if (this.#seat === seat) this.#lose();
      },
    });
    if (signal.aborted) {
      seat.close();
      return;
    }
    this.#seat = seat;
    try {
      await media.connect(seat);
      await this.#read(seat);
    } catch (error) {
      this.#seat = undefined;
      seat.close();
      throw error;
    }
    this.#events.onStep('on');
  }

  #lose(): void {
    this.#seat?.close();
    this.#seat = undefined;
    if (this.#isMending || this.#ending.signal.aborted) return;
    this.#isMending = true;
    this.#events.onStep('lost');
    void this.#mend().finally(() => {
      this.#isMending = false;
    });
  }

  async #mend(): Promise<void> {
    const { clock } = this.#deps;
    const { signal } = this.#ending;
    while (!this.#seat && !signal.aborted) {
      const pauseMs = this.#failures === 0 ? firstRetryMs : backOffMs(this.#failures);
      this.#failures += 1;
      await clock.wait(pauseMs, signal);
      // The box restarts its SFU within seconds; asking again is all there is to do.
      if (!signal.aborted) await this.#sit().catch(() => undefined);
    }
  }

  #doors(): SeatDoors {
    const { doors } = this.#deps;
    const ask = (what: string, body: object) =>
      doors.ask(this.#place.room, what, body, this.#ending.signal);
    return {
      transport: (dir) => ask('transport', { dir }),
      connect: async (transport, dtls) => {
        await ask('connect', { transport, dtls });
      },
      produce: async (transport, kind, rtp) =>
        textAt(await ask('produce', { transport, kind, rtp }), 'id') ?? '',
      consume: (transport, producer, caps) => ask('consume', { transport, producer, caps }),
      resume: async (consumer) => {
        await ask('resume', { consumer });
      },
      close: async (what) => {
        await ask('close', what);
      },
    };
  }
}
