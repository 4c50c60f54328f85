import type {
  Capture,
  CallPlatform,
  FrameEvents,
  Frames,
  PeerEvents,
  PeerLink,
  Seat,
  SeatDoors,
  SeatEvents,
  Source,
  Track,
} from '#client/calls/ports.ts';
import type { Producer } from '#client/calls/room-state.ts';
import type { Clock } from '#client/ports.ts';

/** A clock for calls: it stands still until a test moves it, and wakes who waited long enough. */
export class MovedClock implements Clock {
  #nowMs = 1_800_000_000_000;
  readonly #waiting = new Set<{ atMs: number; done: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const one = {
        atMs: this.#nowMs + ms,
        done: () => {
          this.#waiting.delete(one);
          resolve();
        },
      };
      this.#waiting.add(one);
      signal.addEventListener('abort', one.done, { once: true });
    });
  }

  /** Lets time pass, and everything that waited for it go on. */
  async pass(ms: number): Promise<void> {
    await settle();
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = [...this.#waiting].filter(({ atMs }) => atMs <= endMs);
      const [first] = next.sort((a, b) => a.atMs - b.atMs);
      if (!first) break;
      this.#nowMs = Math.max(this.#nowMs, first.atMs);
      first.done();
      await settle();
    }
    this.#nowMs = endMs;
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** One end of a way that never leaves the test. */
export class FakePeer implements PeerLink {
  readonly events: PeerEvents;
  readonly taken: string[] = [];
  readonly candidates: string[] = [];
  isClosed = false;

  constructor(events: PeerEvents) {
    this.events = events;
  }

  offer(isRestart: boolean): Promise<string> {
    return Promise.resolve(isRestart ? 'offer again' : 'offer');
  }

  answer(offer: string): Promise<string | undefined> {
    this.taken.push(offer);
    return Promise.resolve(offer === '' ? undefined : 'answer');
  }

  take(answer: string): Promise<boolean> {
    this.taken.push(answer);
    return Promise.resolve(answer !== '');
  }

  add(candidates: readonly { a: string }[]): Promise<void> {
    this.candidates.push(...candidates.map(({ a }) => a));
    return Promise.resolve();
  }

  useTurn = (): void => undefined;
  use = (): Promise<void> => Promise.resolve();
  say = (): void => undefined;
  read = () => Promise.resolve({ level: 0, path: 'direct' as const });
  stream = (): unknown => undefined;

  close(): void {
    this.isClosed = true;
  }
}

/** A seat that notes what it was told. */
export class FakeSeat implements Seat {
  readonly events: SeatEvents;
  followed: readonly Producer[] = [];
  isClosed = false;

  constructor(events: SeatEvents) {
    this.events = events;
  }

  use = (): Promise<void> => Promise.resolve();
  levels = () => Promise.resolve(new Map<string, number>());
  kindsOf = () => new Set<never>();
  stream = (): unknown => undefined;

  follow(producers: readonly Producer[]): Promise<void> {
    this.followed = producers;
    return Promise.resolve();
  }

  close(): void {
    this.isClosed = true;
  }
}

/** Frames that are neither sealed nor opened: it notes under which keys they would be. */
export class FakeFrames implements Frames {
  readonly events: FrameEvents;
  readonly sentUnder: Parameters<Frames['sendUnder']>[0][] = [];
  readonly announced: string[] = [];
  readonly removed: string[] = [];
  readonly muted: string[] = [];

  constructor(events: FrameEvents) {
    this.events = events;
  }

  sendUnder(key: Parameters<Frames['sendUnder']>[0]): void {
    this.sentUnder.push(key);
  }

  announce(device: string): void {
    this.announced.push(device);
  }

  remove(device: string): void {
    this.removed.push(device);
  }

  mute(device: string): void {
    this.muted.push(device);
  }

  stop = (): void => undefined;
}

/** Everything that a platform lends to calls, in a test's hand. */
export class FakeCallPlatform implements CallPlatform {
  readonly peers: FakePeer[] = [];
  readonly seats: FakeSeat[] = [];
  readonly frames: FakeFrames[] = [];
  readonly recording = new Set<Source>();
  canEncryptFrames = true;

  readonly capture: Capture = {
    open: (source) => {
      this.recording.add(source);
      const track: Track = {
        source,
        level: () => 0,
        stop: () => this.recording.delete(source),
      };
      return Promise.resolve(track);
    },
    stream: () => undefined,
  };

  openPeer(_options: unknown, events: PeerEvents): PeerLink {
    const peer = new FakePeer(events);
    this.peers.push(peer);
    return peer;
  }

  openFrames(_conf: string, events: FrameEvents): Frames {
    const frames = new FakeFrames(events);
    this.frames.push(frames);
    return frames;
  }

  openSeat(_frames: Frames, _rtp: unknown, _doors: SeatDoors, events: SeatEvents): Promise<Seat> {
    const seat = new FakeSeat(events);
    this.seats.push(seat);
    return Promise.resolve(seat);
  }
}
