import { toB64u } from '#protocol/codec/text-form.ts';
import type { MailType, SignalBody } from '#protocol/media/signal-form.ts';
import type { Signal } from '#protocol/media/signal.ts';
import type { Engine } from '#protocol/ports.ts';
import type { Clock } from '../ports.ts';
import { problem } from '../problem.ts';
import type { Circle } from './circle.ts';
import { OneToOne, type Subject } from './one-to-one.ts';
import type { OwnMedia } from './own-media.ts';
import type { CallPlatform, TurnServer } from './ports.ts';
import { incoming, isOursInGlare, outgoing, type End, type Ring } from './ring.ts';

export interface PhoneDeps {
  engine: Engine;
  clock: Clock;
  platform: CallPlatform;
  circle: Circle;
  /** This device and its member. */
  me: { device: string; member: string };
  media: OwnMedia;
  onlyRelay(): boolean;
  turn(): Promise<TurnServer | undefined>;
  send<T extends MailType>(to: string, cid: string, t: T, b: SignalBody<T>): void;
  /** Whether something else than a one-to-one call keeps this person busy. */
  isBusy(): boolean;
  /** A call that this device made is over: the log gets a line (§7.4). */
  onMade(call: OneToOne, end: End, talkedMs: number): void;
  onChange(): void;
}

/** Calls that are over and still answered, so that a late "accept" hears that it is late. */
const maxPast = 16;

/** Calls between two: at most one that this person is in, and one that rings. */
export class Phone {
  readonly #deps: PhoneDeps;
  #current: OneToOne | undefined;
  #ringing: OneToOne | undefined;
  readonly #past = new Map<string, OneToOne>();

  constructor(deps: PhoneDeps) {
    this.#deps = deps;
  }

  /** The call this person makes or has taken; stays when over until it is dismissed. */
  get current(): OneToOne | undefined {
    return this.#current;
  }

  /** The call that rings here. */
  get ringing(): OneToOne | undefined {
    return this.#ringing;
  }

  /** Whether somebody who calls now hears that this person is busy. */
  get isBusy(): boolean {
    return isAlive(this.#current) || isAlive(this.#ringing);
  }

  /** Rings on all devices of a member. Rejects if there are none, or while in another call. */
  async call(subject: Subject): Promise<void> {
    const { circle, engine, media } = this.#deps;
    const ringing = this.#ringing;
    if (ringing?.subject.person === subject.person) return this.accept(subject.withVideo);
    if (this.isBusy || this.#deps.isBusy()) throw problem('CALL_BUSY');
    const devices = circle.devicesOf(subject.cid, subject.person);
    if (devices.length === 0) throw problem('CALL_NOBODY');
    await this.#record(subject.withVideo);
    if (this.isBusy) {
      media.stop();
      throw problem('CALL_BUSY');
    }
    this.#begin(subject, outgoing(toB64u(engine.random(16)), devices)).start();
    this.#deps.onChange();
  }

  /** Takes the call that rings. */
  async accept(withVideo: boolean): Promise<void> {
    const ringing = this.#ringing;
    if (!ringing) throw problem('CALL_GONE');
    await this.#record(withVideo);
    if (this.#ringing !== ringing) {
      this.#deps.media.stop();
      throw problem('CALL_GONE');
    }
    this.#ringing = undefined;
    this.#current = ringing;
    ringing.happen({ what: 'take' });
  }

  decline(): void {
    this.#ringing?.happen({ what: 'refuse' });
  }

  leave(): void {
    this.#current?.happen({ what: 'leave' });
  }

  dismiss(): void {
    if (!isAlive(this.#current)) this.#current = undefined;
  }

  /** Signals of calls. Whoever sent it is a device of the mission, and really that one. */
  receive(signal: Signal<MailType>): void {
    if (signal.t === 'media-key') return;
    if (signal.t === 'call') {
      this.#rung(signal);
      return;
    }
    const { from, cid } = signal;
    const call = this.#find(signal.b.call);
    if (!call) {
      // The page that made the call is gone: the other end need not wait for nothing.
      const isAsking = signal.t === 'accept' || signal.t === 'offer';
      if (isAsking) this.#deps.send(from, cid, 'hangup', { call: signal.b.call, why: 'lost' });
    } else if (call.subject.cid === cid) {
      if (signal.t === 'ice') call.toldCandidates(from, signal.b.c);
      else call.told(from, signal.t, 'sdp' in signal.b ? signal.b.sdp : undefined);
    }
  }

  /** People come and go: who may not be in the conversation any more is not in its calls. */
  check(): void {
    const { circle, me } = this.#deps;
    for (const call of [this.#current, this.#ringing]) {
      if (!call || !isAlive(call)) continue;
      const { cid, person } = call.subject;
      const { peer } = call.ring;
      const isPeerIn = peer === undefined ? circle.hasMember(cid, person) : circle.isIn(cid, peer);
      if (!isPeerIn || !circle.isIn(cid, me.device)) call.happen({ what: 'removed' });
    }
  }

  stop(): void {
    this.#ringing = undefined;
    this.leave();
  }

  #rung({ b, cid, from }: Signal<'call'>): void {
    const { circle, me } = this.#deps;
    const person = circle.memberOf(from);
    // A ring is repeated until it is answered; once is enough for those who heard it.
    if (this.#find(b.call) || person === undefined || person === me.member) return;
    if (!circle.isIn(cid, from) || !circle.isIn(cid, me.device)) return;
    const subject = { cid, person, withVideo: b.k === 'video' };
    const ours = this.#current;
    if (ours && isRinging(ours) && ours.subject.person === person) {
      if (isOursInGlare(ours.ring.id, b.call)) return;
      this.#giveWay(ours, subject, incoming(b.call, from));
    } else if (this.isBusy || this.#deps.isBusy()) {
      this.#deps.send(from, cid, 'busy', { call: b.call });
    } else {
      this.#ringing = this.#make(subject, incoming(b.call, from));
      this.#ringing.start();
      this.#deps.onChange();
    }
  }

  /** Both called each other: ours ends without a line in the log, and theirs is taken at once. */
  #giveWay(ours: OneToOne, subject: Subject, theirs: Ring): void {
    this.#current = undefined;
    ours.happen({ what: 'leave' });
    const taken = this.#begin({ ...subject, withVideo: ours.subject.withVideo }, theirs);
    taken.happen({ what: 'take' });
  }

  #begin(subject: Subject, ring: Ring): OneToOne {
    const call = this.#make(subject, ring);
    this.#current = call;
    return call;
  }

  #make(subject: Subject, ring: Ring): OneToOne {
    const { clock, media, onMade, platform, send, turn } = this.#deps;
    const call = new OneToOne(
      {
        platform,
        clock,
        media,
        onlyRelay: this.#deps.onlyRelay(),
        turn,
        say: (to, t, b) => {
          send(to, subject.cid, t, b);
        },
        onChange: () => {
          this.#deps.onChange();
        },
        onOver: (end, talkedMs) => {
          this.#remember(call);
          if (this.#ringing === call) this.#ringing = undefined;
          if (this.#current !== call) return;
          media.stop();
          if (ring.role === 'caller') onMade(call, end, talkedMs);
        },
      },
      subject,
      ring,
    );
    return call;
  }

  async #record(withVideo: boolean): Promise<void> {
    const { media } = this.#deps;
    await media.set('microphone', true);
    // Who has no camera, or wants to show nothing, can still talk.
    if (withVideo) await media.set('camera', true).catch(() => undefined);
  }

  #find(id: string): OneToOne | undefined {
    const live = [this.#current, this.#ringing].find((call) => call?.ring.id === id);
    return live ?? this.#past.get(id);
  }

  #remember(call: OneToOne): void {
    this.#past.set(call.ring.id, call);
    if (this.#past.size <= maxPast) return;
    this.#past.delete(this.#past.keys().next().value as string);
  }
}

function isAlive(call: OneToOne | undefined): boolean {
  return call !== undefined && call.ring.phase !== 'over';
}

function isRinging({ ring }: OneToOne): boolean {
  return ring.role === 'caller' && ring.phase === 'ringing';
}
