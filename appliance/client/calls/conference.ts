import { toB32 } from '#protocol/codec/text-form.ts';
import { H32 } from '#protocol/codec/hash.ts';
import type { MailType, SignalBody } from '#protocol/media/signal-form.ts';
import type { Signal } from '#protocol/media/signal.ts';
import type { Engine } from '#protocol/ports.ts';
import type { Clock } from '../ports.ts';
import { Attendance } from './attendance.ts';
import type { Circle } from './circle.ts';
import type { CallDoors } from './doors.ts';
import { FrameTrust, type Forged } from './frame-trust.ts';
import { OwnKey } from './own-key.ts';
import type { OwnMedia } from './own-media.ts';
import { Participants } from './participants.ts';
import type { CallPlatform, Frames } from './ports.ts';
import type { End } from './ring.ts';
import { readRoomState, type RoomState } from './room-state.ts';

export interface ConferenceDeps {
  engine: Engine;
  clock: Clock;
  platform: CallPlatform;
  circle: Circle;
  doors: CallDoors;
  media: OwnMedia;
  /** This device. */
  self: string;
  /** Sids of the mission's heads. */
  heads(): readonly string[];
  send<T extends MailType>(to: string, cid: string, t: T, b: SignalBody<T>): void;
  /** Tells the conversation what this device's frames were. */
  tell(body: SignalBody<'digest'>): void;
  onChange(): void;
  onOver(): void;
}

/** Where this device stands; `over` never changes again. */
export type Step = 'before' | 'connecting' | 'on' | 'lost' | 'over';

/** The room's name at the SFU: whoever is not in the conversation cannot guess it. */
export function roomOf(cid: string, conf: string): string {
  return toB32(H32('room', cid, conf));
}

/** One conference, as this device takes part in it. */
export class Conference {
  readonly cid: string;
  readonly conf: string;
  readonly room: string;
  readonly participants: Participants;
  readonly #deps: ConferenceDeps;
  readonly #key: OwnKey;
  readonly #trust: FrameTrust;
  readonly #ending = new AbortController();
  #step: Step = 'before';
  #end: End | undefined;
  #frames: Frames | undefined;
  #attendance: Attendance | undefined;
  /** By device; kept to notice a device whose page has started anew. */
  readonly #announced = new Map<string, SignalBody<'media-key'>>();
  #refreshedMs = 0;

  constructor(deps: ConferenceDeps, cid: string, conf: string) {
    const { circle, clock, engine, heads, self } = deps;
    this.#deps = deps;
    this.cid = cid;
    this.conf = conf;
    this.room = roomOf(cid, conf);
    this.#trust = new FrameTrust(conf, clock);
    this.participants = new Participants((device) => device !== self && circle.isIn(cid, device));
    this.#key = new OwnKey({
      engine,
      clock,
      conf,
      heads,
      send: (to, body) => {
        deps.send(to, cid, 'media-key', body);
      },
      use: (key) => {
        this.#frames?.sendUnder(key);
      },
    });
  }

  get step(): Step {
    return this.#step;
  }

  get end(): End | undefined {
    return this.#end;
  }

  get isOver(): boolean {
    return this.#step === 'over';
  }

  stream(device: string, kind: 'camera' | 'screen'): unknown {
    return this.#attendance?.seat?.stream(device, kind);
  }

  /** Who is inside, for somebody who is about to join. */
  async peek(): Promise<void> {
    try {
      const told = await this.#deps.doors.room(this.room, this.#ending.signal);
      if (this.#step === 'before')
        this.participants.list(readRoomState(told), this.#deps.clock.now());
    } catch {
      // Who is inside is good to know, but one can join without knowing it.
    }
    this.#deps.onChange();
  }

  /** Takes a seat. Resolves when media can flow, rejects if it cannot be had at all. */
  async join(): Promise<void> {
    const frames = this.#openFrames();
    this.#frames = frames;
    this.#key.start();
    const attendance = this.#attend(frames);
    this.#attendance = attendance;
    this.#change('connecting');
    try {
      await attendance.join();
    } catch (error) {
      this.finish('lost');
      throw error;
    }
  }

  /** Leaves, and tells the others by signature, so that nobody has to believe the box. */
  leave(end: End = 'hangup'): void {
    if (this.isOver) return;
    const { doors, send } = this.#deps;
    for (const device of this.#key.holders) send(device, this.cid, 'hangup', { call: this.conf });
    if (this.#step !== 'before') {
      // The box notices by itself if it does not hear this.
      void doors.ask(this.room, 'leave', {}, AbortSignal.timeout(leaveMs)).catch(() => undefined);
    }
    this.finish(end);
  }

  /** A signal about this conference, by a device of the mission that really sent it. */
  receive(signal: Signal<MailType>): void {
    const { from, t } = signal;
    if (this.isOver || !this.participants.mayBe(from)) return;
    if (t === 'media-key') this.#keyOf(from, signal.b);
    if (t === 'hangup') {
      this.participants.left(from);
      this.#drop([from]);
    }
  }

  /** What a participant signed of its frames. */
  digest(from: string, body: SignalBody<'digest'>): void {
    if (this.participants.mayBe(from)) this.#silence(this.#trust.digest(from, body));
  }

  /** Somebody may have been removed: their frames end now, and they get no more of ours. */
  check(): void {
    if (this.isOver) return;
    if (!this.#deps.circle.isIn(this.cid, this.#deps.self)) {
      this.leave('removed');
      return;
    }
    const gone = [...this.#key.holders].filter((device) => !this.participants.mayBe(device));
    this.participants.prune();
    this.#drop(gone);
  }

  /** Something changed at the SFU. */
  async refresh(): Promise<void> {
    this.#refreshedMs = this.#deps.clock.now();
    await this.#attendance?.refresh();
  }

  /** Changes when what `look` found is to be shown anew. */
  get shown(): string {
    return this.participants.shown;
  }

  /** Looks who speaks, and who is who they seem. */
  async look(): Promise<void> {
    const seat = this.#attendance?.seat;
    if (!seat || this.#step !== 'on') return;
    const levels = await seat.levels().catch(() => new Map<string, number>());
    const kinds = (device: string) => seat.kindsOf(device);
    this.participants.look(levels, kinds, (device) => this.#trust.of(device));
    // Hints may be lost; and a device that never asks counts as gone.
    if (this.#deps.clock.now() - this.#refreshedMs < refreshEveryMs) return;
    this.#askForKeys();
    await this.refresh();
  }

  /** Ends it on this device without telling anybody. */
  finish(end: End): void {
    if (this.isOver) return;
    this.#end = end;
    this.#ending.abort();
    this.#key.stop();
    this.#attendance?.stop();
    this.#attendance = undefined;
    this.#frames?.stop();
    this.#frames = undefined;
    this.#change('over');
    this.#deps.onOver();
  }

  #attend(frames: Frames): Attendance {
    const { cid, conf, room } = this;
    const { clock } = this.#deps;
    const events = {
      onState: (state: RoomState) => {
        this.#drop(this.participants.list(state, clock.now()));
        this.#key.add(this.participants.all().map(({ device }) => device));
        return this.participants.producers;
      },
      onStep: (step: Step) => {
        this.#change(step);
      },
      onChange: () => {
        this.#deps.onChange();
      },
    };
    return new Attendance(this.#deps, events, { cid, conf, room }, frames);
  }

  #openFrames(): Frames {
    return this.#deps.platform.openFrames(this.conf, {
      onSent: (session, frames) => {
        if (this.isOver) return;
        this.#deps.tell(this.#trust.sent(session, frames));
      },
      onShown: (device, session, frames) => {
        this.#silence(this.#trust.shown(device, session, frames));
      },
    });
  }

  #keyOf(from: string, body: SignalBody<'media-key'>): void {
    if (body.conf !== this.conf || this.#step === 'before') return;
    const before = this.#announced.get(from);
    this.#announced.set(from, body);
    this.participants.announced(from, this.#deps.clock.now());
    this.#frames?.announce(from, body);
    const isNewPage = before && before.session !== body.session;
    const isRepeated = before?.session === body.session && before.gen === body.gen;
    // A new page has lost what it was told; and who repeats itself lacks our key.
    if (isNewPage || isRepeated) this.#key.repeat(from);
    this.#key.add([from]);
    this.#deps.onChange();
  }

  /** Mail can be lost with the link: who has not told its key is asked by telling ours again. */
  #askForKeys(): void {
    for (const device of this.#key.holders) {
      if (!this.#announced.has(device)) this.#key.repeat(device);
    }
  }

  #drop(devices: readonly string[]): void {
    if (devices.length === 0) return;
    this.#key.remove(devices);
    for (const device of devices) {
      this.#announced.delete(device);
      this.#frames?.remove(device);
      this.#trust.forget(device);
    }
    void this.#attendance?.seat?.follow(this.participants.producers).catch(() => undefined);
    this.#deps.onChange();
  }

  #silence(forged: readonly Forged[]): void {
    for (const { device, session, stream } of forged) this.#frames?.mute(device, session, stream);
    if (forged.length > 0) this.#deps.onChange();
  }

  #change(step: Step): void {
    if (this.isOver) return;
    this.#step = step;
    this.#deps.onChange();
  }
}

/** How often the box is asked who is there, when it hints at nothing. */
const refreshEveryMs = 5_000;

/** Time for the farewell to the box. */
const leaveMs = 3_000;
