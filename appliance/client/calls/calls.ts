import { decode } from '#protocol/codec/canonical-json.ts';
import type { EphemeralType, MailType } from '#protocol/media/signal-form.ts';
import type { Signal } from '#protocol/media/signal.ts';
import type { Engine } from '#protocol/ports.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import { textAt, type Carrier } from '../exchange.ts';
import type { LocalSwarm } from '../local-swarm.ts';
import type { Clock } from '../ports.ts';
import { problem } from '../problem.ts';
import type { Rooms } from '../rooms.ts';
import type { Self } from '../self.ts';
import type { Vault } from '../vault.ts';
import type { OngoingView } from '../call-model.ts';
import { Circle } from './circle.ts';
import { Conferences } from './conferences.ts';
import { CallDoors } from './doors.ts';
import { Mailbox } from './mailbox.ts';
import { Lookout } from './lookout.ts';
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
  /** A signal to a room by a device that is in it. */
  onEphemeral(signal: Signal<EphemeralType>): void;
  /** Something was written and is to be sent. */
  ring(): void;
  onChange(): void;
}

/** How a person wants to be called, as the vault keeps it under `calls`. */
interface CallSettings {
  throughBox: boolean;
}

/** Longest hint that is read: a hint is a few words. */
const maxHintBytes = 256;

/** Everything about calls on this device: what rings, what is on, what is recorded. */
export class Calls {
  readonly circle: Circle;
  readonly mailbox: Mailbox;
  readonly media: OwnMedia | undefined;
  readonly phone: Phone | undefined;
  readonly conferences: Conferences | undefined;
  readonly #deps: CallsDeps;
  readonly #doors: CallDoors;
  readonly #ending = new AbortController();
  #settings: CallSettings = { throughBox: false };

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
        const conference = this.conferences?.current;
        const isOfIt = conference?.cid === signal.cid && subjectOf(signal) === conference.conf;
        if (isOfIt) conference.receive(signal);
        else this.phone?.receive(signal);
      },
      onEphemeral: (signal) => {
        const conference = this.conferences?.current;
        if (signal.t !== 'digest') deps.onEphemeral(signal);
        else if (signal.cid === conference?.cid) conference.digest(signal.from, signal.b);
      },
    });
    if (!platform) return;
    const media = new OwnMedia(platform.capture, () => {
      this.phone?.current?.tellSources();
      deps.onChange();
    });
    this.media = media;
    const send: Mailbox['send'] = (to, cid, t, b) => {
      this.mailbox.send(to, cid, t, b);
    };
    const lookout = new Lookout(clock, this.#ending.signal, deps.onChange);
    const own = (): string => String(this.isSpeaking);
    const onChange = (): void => {
      deps.onChange();
      lookout.watch(this.phone?.current, own);
      lookout.watch(this.conferences?.current, own);
    };
    this.phone = new Phone({
      engine,
      clock,
      platform,
      circle: this.circle,
      me: { device: self.dfp, member: self.mfp },
      media,
      onlyRelay: () => this.#settings.throughBox,
      turn: () => this.#doors.turn(this.#ending.signal),
      send,
      isBusy: () => this.conferences?.isBusy ?? false,
      onMade: (call, end, talkedMs) => {
        void this.#note(call, end, talkedMs);
      },
      onChange,
    });
    this.conferences = new Conferences({
      engine,
      clock,
      platform,
      circle: this.circle,
      doors: this.#doors,
      media,
      rooms,
      self: self.dfp,
      member: self.mfp,
      heads: () => (mission.isKnown ? mission.replica.heads.map(({ sid }) => sid) : []),
      send,
      tell: ({ room }, body) => {
        this.mailbox.tell(room, 'digest', body);
      },
      ring: () => {
        deps.ring();
      },
      onChange,
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
    this.conferences?.stop();
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
    // The end of an earlier call need not be dismissed first.
    this.conferences?.dismiss();
    await this.#needed(this.phone).call({ cid, person, withVideo });
  }

  async confer(cid: string): Promise<void> {
    const conferences = this.#needed(this.conferences);
    if (this.#isBusy) throw problem('CALL_BUSY');
    this.phone?.dismiss();
    await conferences.open(cid);
  }

  /** Conferences that are on in the conversations of this device. */
  ongoing(): OngoingView[] {
    return this.conferences?.view() ?? [];
  }

  /** Takes what rings, or goes through the door of a conference. */
  async join(withVideo: boolean): Promise<void> {
    if (this.phone?.ringing) {
      this.conferences?.dismiss();
      await this.phone.accept(withVideo);
    } else await this.#needed(this.conferences).join(withVideo);
  }

  decline(): void {
    this.phone?.decline();
  }

  leave(): void {
    this.phone?.leave();
    this.conferences?.leave();
  }

  dismiss(): void {
    this.phone?.dismiss();
    this.conferences?.dismiss();
    this.#deps.onChange();
  }

  async set(source: Source, on: boolean): Promise<void> {
    if (!this.#isBusy) throw problem('CALL_GONE');
    await this.#needed(this.media).set(source, on);
  }

  async choose(source: Source, id: string): Promise<void> {
    await this.#needed(this.media).choose(source, id);
  }

  /** The platform's stream of one device's camera or screen; its sound goes with the camera. */
  stream(device: string, kind: 'camera' | 'screen'): unknown {
    if (device === this.#deps.self.dfp) return this.media?.stream(kind);
    const call = this.phone?.current;
    if (call?.ring.peer === device) return call.stream(kind);
    return this.conferences?.current?.stream(device, kind);
  }

  /** Commits or the link have changed. */
  check(): void {
    this.phone?.check();
    this.conferences?.check();
  }

  /** Topics that bring signals. */
  filters(): string[] {
    return this.mailbox.filters();
  }

  /** Takes a message of the broker; false if it is nothing of calls. */
  receive(topic: string, payload: Uint8Array): boolean {
    if (topic !== `b/${this.#deps.self.dfp}`) return this.mailbox.receive(topic, payload);
    const told = decode(payload, maxHintBytes);
    if (!told.ok || textAt(told.value, 't') !== 'room') return false;
    this.conferences?.hint(textAt(told.value, 'r') ?? '');
    return true;
  }

  /** Once a round with the box. */
  async visit(signal: AbortSignal): Promise<void> {
    await this.conferences?.visit(signal);
  }

  /** The link came or went. */
  linked(): void {
    if (this.#deps.isLinked()) this.mailbox.flush();
  }

  #needed<T>(part: T | undefined): T {
    if (part === undefined) throw problem('CALL_UNSUPPORTED');
    return part;
  }

  get #isBusy(): boolean {
    return (this.phone?.isBusy ?? false) || (this.conferences?.isBusy ?? false);
  }

  /** Whether this person speaks at the moment. */
  get isSpeaking(): boolean {
    return isLoud(this.media?.track('microphone')?.level() ?? 0);
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

/** The conference or call that a signal is about. */
function subjectOf(signal: Signal<MailType>): string {
  return signal.t === 'media-key' ? signal.b.conf : signal.b.call;
}
