import { topicOf } from '#protocol/codec/fingerprint.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import { openEphemeral, sealEphemeral } from '#protocol/media/ephemeral.ts';
import { openMail, sealMail } from '#protocol/media/mail.ts';
import type { EphemeralType, MailType, SignalBody } from '#protocol/media/signal-form.ts';
import { SignalReplay } from '#protocol/media/signal-replay.ts';
import { SignalWriter, type Signal } from '#protocol/media/signal.ts';
import type { Engine } from '#protocol/ports.ts';
import type { Clock } from '../ports.ts';
import type { Room } from '../room.ts';
import type { Self } from '../self.ts';
import type { Circle } from './circle.ts';

export interface MailboxDeps {
  engine: Engine;
  clock: Clock;
  self: Self;
  circle: Circle;
  /** Conversations of this device. */
  rooms(): readonly Room[];
  /** Hands a message to the broker; false while there is no link. */
  publish(topic: string, payload: Uint8Array): Promise<boolean>;
  onMail(signal: Signal<MailType>): void;
  onEphemeral(signal: Signal<EphemeralType>): void;
}

/** Mail that waits for the link longer than this is about a moment that has passed. */
const patienceMs = 30_000;

/** Most mail that waits: a call that is being set up writes a dozen. */
const maxWaiting = 64;

interface Waiting {
  atMs: number;
  /** False if there is no link. */
  send(): Promise<boolean>;
}

/**
 * Signals of the moment: sealed, signed, each taken once. Mail goes to one device, ephemerals to
 * a room. What does not open, or comes from somebody who may not speak, is dropped in silence.
 */
export class Mailbox {
  readonly #deps: MailboxDeps;
  readonly #writer: SignalWriter;
  /** By sender and way. */
  readonly #taken = new Map<string, SignalReplay>();
  #waiting: Waiting[] = [];
  /** One after the other: what is overtaken would be refused as old. */
  #sending: Promise<void> = Promise.resolve();
  #reading: Promise<void> = Promise.resolve();

  constructor(deps: MailboxDeps) {
    this.#deps = deps;
    this.#writer = new SignalWriter(deps.engine, deps.self.device.signer, deps.self.dfp);
  }

  /** Topics that bring signals. */
  filters(): string[] {
    const rooms = this.#deps.rooms().map(({ cid }) => `s/${topicOf(cid)}/e/+`);
    return [`d/${this.#deps.self.dfp}/+`, ...rooms];
  }

  /** Sends mail now, or within half a minute if the link is down. */
  send<T extends MailType>(to: string, cid: string, t: T, b: SignalBody<T>): void {
    const { circle, clock, engine, publish, self } = this.#deps;
    const send = async (): Promise<boolean> => {
      const keys = circle.keysOf(to);
      if (!keys) return true;
      const address = { device: to, x: keys.seal };
      const at = { cid, now: clock.now() };
      const sealed = await sealMail(engine, this.#writer, address, t, b, at);
      return publish(`d/${to}/${self.dfp}`, sealed);
    };
    if (this.#waiting.length >= maxWaiting) this.#waiting.shift();
    this.#waiting.push({ atMs: clock.now(), send });
    this.flush();
  }

  /** Tells a room something of the moment; lost if the link is down. */
  tell<T extends EphemeralType>(room: Room, t: T, b: SignalBody<T>): void {
    const { clock, engine, publish, self } = this.#deps;
    this.#next(async () => {
      const epoch = room.epochForSignals();
      if (!epoch) return;
      const at = { cid: room.cid, now: clock.now() };
      const sealing = { ...epoch, deviceSecret: self.deviceSecret };
      const sealed = await sealEphemeral(engine, this.#writer, sealing, t, b, at);
      await publish(`s/${topicOf(room.cid)}/e/${self.dfp}`, sealed);
    });
  }

  /** Sends what waits, as soon as there is a link. */
  flush(): void {
    this.#next(async () => {
      const oldestMs = this.#deps.clock.now() - patienceMs;
      this.#waiting = this.#waiting.filter(({ atMs }) => atMs >= oldestMs);
      for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
        if (!(await next.send())) return;
        this.#waiting = this.#waiting.filter((one) => one !== next);
      }
    });
  }

  /** Resolves when everything that can be sent now has been. */
  settled(): Promise<void> {
    return this.#sending;
  }

  /** Takes a message of the broker; false if it is no signal. */
  receive(topic: string, payload: Uint8Array): boolean {
    const [kind, place = '', third = '', fourth = ''] = topic.split('/');
    const isMail = kind === 'd' && place === this.#deps.self.dfp;
    const isEphemeral = kind === 's' && third === 'e';
    if (!isMail && !isEphemeral) return false;
    this.#reading = this.#reading
      .then(() => (isMail ? this.#readMail(third, payload) : this.#read(place, fourth, payload)))
      .catch(() => undefined);
    return true;
  }

  async #readMail(from: string, payload: Uint8Array): Promise<void> {
    const { engine, onMail, self } = this.#deps;
    const source = this.#source(from);
    if (!source) return;
    const me = { device: self.dfp, agreement: self.device.agreement };
    const read = await openMail(engine, me, source, payload);
    if (read.ok && this.#isNew(from, read.value)) onMail(read.value);
  }

  async #read(tp: string, from: string, payload: Uint8Array): Promise<void> {
    const { circle, engine, onEphemeral, rooms, self } = this.#deps;
    const room = rooms().find(({ cid }) => topicOf(cid) === tp);
    const source = this.#source(from);
    // One's own come back from the broker; nobody who left is heard any more (§7.5).
    if (!room || !source || from === self.dfp || !circle.isIn(room.cid, from)) return;
    const here = { cid: room.cid, epochKey: (eid: string) => room.keys.ring.key(eid) };
    const read = await openEphemeral(engine, here, source, payload);
    if (read.ok && this.#isNew(`${from} ${tp}`, read.value)) onEphemeral(read.value);
  }

  #source(from: string): { device: string; key: Uint8Array } | undefined {
    const key = fromB64u(this.#deps.circle.keysOf(from)?.sign ?? '', 32);
    return key && { device: from, key };
  }

  #isNew(way: string, signal: Signal): boolean {
    const replay = this.#taken.get(way) ?? new SignalReplay();
    this.#taken.set(way, replay);
    return replay.take(signal).ok;
  }

  #next(work: () => Promise<void>): void {
    // A signal that cannot be sealed is lost like one that the network loses.
    this.#sending = this.#sending.then(work).catch(() => undefined);
  }
}
