import type { Engine } from '#protocol/ports.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import type { Carrier } from '../exchange.ts';
import type { LocalSwarm } from '../local-swarm.ts';
import type { Clock } from '../ports.ts';
import { problem } from '../problem.ts';
import type { Rooms } from '../rooms.ts';
import type { Self } from '../self.ts';
import type { Vault } from '../vault.ts';
import type { OngoingView } from '../call-model.ts';
import { ongoing } from './call-log.ts';
import { Circle } from './circle.ts';
import { CallDoors } from './doors.ts';
import { Mailbox } from './mailbox.ts';
import { isLoud } from './loudness.ts';
import type { OneToOne } from './one-to-one.ts';
import { OwnMedia } from './own-media.ts';
import { Phone } from './phone.ts';
import type { CallPlatform, Source } from './ports.ts';
import type { End } from './ring.ts';

export interface CallsDeps {
  engine: Engine;
  clock: Clock;
  vault: Vault;
  /** Absent where nothing can be recorded or played: then nothing rings, and nobody is busy. */
  platform: CallPlatform | undefined;
  self: Self;
  mission: LocalSwarm<MissionState>;
  rooms: Rooms;
  carrier: Carrier;
  publish(topic: string, payload: Uint8Array): Promise<boolean>;
  isLinked(): boolean;
  /** Something was written and is to be sent. */
  ring(): void;
  onChange(): void;
}

/** How a person wants to be called, as the vault keeps it under `calls`. */
interface CallSettings {
  throughBox: boolean;
}

/** How often a call is looked at for its path and for who speaks. */
const lookEveryMs = 500;

/** Everything about calls on this device: what rings, what is on, what is recorded. */
export class Calls {
  readonly circle: Circle;
  readonly mailbox: Mailbox;
  readonly media: OwnMedia | undefined;
  readonly phone: Phone | undefined;
  readonly #deps: CallsDeps;
  readonly #doors: CallDoors;
  readonly #ending = new AbortController();
  #settings: CallSettings = { throughBox: false };
  #shown = '';

  constructor(deps: CallsDeps) {
    const { carrier, clock, engine, mission, platform, publish, rooms, self } = deps;
    this.#deps = deps;
    this.#doors = new CallDoors(carrier);
    this.circle = new Circle(
      () => (mission.isKnown ? mission.replica.view().state : undefined),
      (cid) => rooms.get(cid),
    );
    this.mailbox = new Mailbox({
      engine,
      clock,
      self,
      circle: this.circle,
      rooms: () => rooms.all().map(({ room }) => room),
      publish,
      onMail: (signal) => {
        this.phone?.receive(signal);
      },
      onEphemeral: () => undefined,
    });
    if (!platform) return;
    const media = new OwnMedia(platform.capture, () => {
      this.phone?.current?.tellSources();
      deps.onChange();
    });
    this.media = media;
    this.phone = new Phone({
      engine,
      clock,
      platform,
      circle: this.circle,
      me: { device: self.dfp, member: self.mfp },
      media,
      onlyRelay: () => this.#settings.throughBox,
      turn: () => this.#doors.turn(this.#ending.signal),
      send: (to, cid, t, b) => {
        this.mailbox.send(to, cid, t, b);
      },
      isBusy: () => false,
      onMade: (call, end, talkedMs) => {
        void this.#note(call, end, talkedMs);
      },
      onChange: () => {
        deps.onChange();
        void this.#look();
      },
    });
  }

  /** Whether this device never shows its address to others, and talks through the box alone. */
  get isThroughBox(): boolean {
    return this.#settings.throughBox;
  }

  async open(): Promise<void> {
    this.#settings = (await this.#deps.vault.get<CallSettings>('calls')) ?? this.#settings;
  }

  /** Ends everything: the page is closing. */
  async stop(): Promise<void> {
    this.phone?.stop();
    this.media?.stop();
    await this.mailbox.settled();
    this.#ending.abort();
  }

  async setThroughBox(on: boolean): Promise<void> {
    const settings = { throughBox: on };
    await this.#deps.vault.write([{ key: 'calls', value: settings }]);
    this.#settings = settings;
  }

  async call(cid: string, person: string, withVideo: boolean): Promise<void> {
    if (!this.#deps.isLinked()) throw problem('BOX_OUT_OF_REACH');
    await this.#needed(this.phone).call({ cid, person, withVideo });
  }

  confer(cid: string): Promise<void> {
    if (!this.#deps.rooms.get(cid)) throw problem('NO_CONVERSATION');
    return Promise.reject(problem('CALL_UNSUPPORTED'));
  }

  /** Conferences that are on in the conversations of this device. */
  ongoing(): OngoingView[] {
    return this.#deps.rooms.all().flatMap(({ reader, room: { cid } }) => {
      const marks = ongoing(reader.read().calls, (device) => this.circle.isIn(cid, device));
      return marks.map(({ conf }) => ({ cid, conf, people: 0 }));
    });
  }

  /** Takes what rings. */
  async join(withVideo: boolean): Promise<void> {
    await this.#needed(this.phone).accept(withVideo);
  }

  decline(): void {
    this.phone?.decline();
  }

  leave(): void {
    this.phone?.leave();
  }

  dismiss(): void {
    this.phone?.dismiss();
    this.#deps.onChange();
  }

  async set(source: Source, on: boolean): Promise<void> {
    if (!this.phone?.isBusy) throw problem('CALL_GONE');
    await this.#needed(this.media).set(source, on);
  }

  async choose(source: Source, id: string): Promise<void> {
    await this.#needed(this.media).choose(source, id);
  }

  /** The platform's stream of one device's camera or screen; its sound goes with the camera. */
  stream(device: string, kind: 'camera' | 'screen'): unknown {
    if (device === this.#deps.self.dfp) return this.media?.stream(kind);
    const call = this.phone?.current;
    return call?.ring.peer === device ? call.stream(kind) : undefined;
  }

  /** Commits or the link have changed. */
  check(): void {
    this.phone?.check();
  }

  /** The link came or went. */
  linked(): void {
    if (!this.#deps.isLinked()) return;
    this.mailbox.flush();
    this.phone?.tryAgain();
  }

  #needed<T>(part: T | undefined): T {
    if (part === undefined) throw problem('CALL_UNSUPPORTED');
    return part;
  }

  /** Looks at the call while it is on; one loop at a time. */
  async #look(): Promise<void> {
    const call = this.phone?.current;
    if (!call || call.isWatched || call.isOver) return;
    call.isWatched = true;
    while (!call.isOver && !this.#ending.signal.aborted) {
      await call.look();
      const shown = `${call.reading.path} ${isLoud(call.reading.level)} ${isLoud(this.#ownLevel())}`;
      if (shown !== this.#shown) this.#deps.onChange();
      this.#shown = shown;
      await this.#deps.clock.wait(lookEveryMs, this.#ending.signal);
    }
  }

  /** Whether this person speaks at the moment. */
  get isSpeaking(): boolean {
    return isLoud(this.#ownLevel());
  }

  #ownLevel(): number {
    return this.media?.track('microphone')?.level() ?? 0;
  }

  /** §7.4: the caller writes the one line that the log keeps of a call between two. */
  async #note(call: OneToOne, end: End, talkedMs: number): Promise<void> {
    const { rooms, ring, self } = this.#deps;
    const open = rooms.get(call.subject.cid);
    const why = talkedMs > 0 ? {} : { why: end };
    const body = {
      conf: call.ring.id,
      dev: self.dfp,
      ms: Math.max(0, Math.round(talkedMs)),
      ...why,
    };
    // A conversation that takes no more writes keeps no log of calls either.
    await open?.room.say('call-end', body).catch(() => undefined);
    ring();
  }
}
