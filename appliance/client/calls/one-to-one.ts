import type { MailType, SignalBody } from '#protocol/media/signal-form.ts';
import type { Clock } from '../ports.ts';
import { usableCandidates, withoutCandidates, type Candidate } from './candidates.ts';
import { isLoud } from './loudness.ts';
import type { OwnMedia } from './own-media.ts';
import type { CallPlatform, PeerLink, PeerReading, TurnServer } from './ports.ts';
import {
  patienceMs,
  step,
  type Deed,
  type End,
  type Happening,
  type Ring,
  type Told,
} from './ring.ts';
import { readSaid, sayEnd, saySources, type PeerSources } from './said.ts';

/** What one call needs of its surroundings. */
export interface OneToOneDeps {
  platform: CallPlatform;
  clock: Clock;
  media: OwnMedia;
  /** Whether this device's address stays hidden from the other (a setting of the person). */
  onlyRelay: boolean;
  /** Undefined while the box cannot be reached: a direct way may still be found. */
  turn(): Promise<TurnServer | undefined>;
  /** Sends a sealed signal to a device; never rejects. */
  say<T extends MailType>(to: string, t: T, body: SignalBody<T>): void;
  onChange(): void;
  /** Once, when the call is over. */
  onOver(end: End, talkedMs: number): void;
}

/** Who talks with whom, about what. */
export interface Subject {
  cid: string;
  /** The other member. */
  person: string;
  withVideo: boolean;
}

/** A device that missed the first ring hears the next. */
const ringEveryMs = 4_000;

/** Time for an offer, its answer and the search for a way; then the next offer is made. */
const lookEveryMs = 6_000;

/** One call between two devices: carries out what `ring.ts` decides. */
export class OneToOne {
  readonly subject: Subject;
  readonly #deps: OneToOneDeps;
  #ring: Ring;
  #link: PeerLink | undefined;
  /** Work on the way, one after the other: an answer must not overtake its offer. */
  #work: Promise<unknown> = Promise.resolve();
  #phaseEnd = new AbortController();
  #onSinceMs: number | undefined;
  #peer: PeerSources = { microphone: false, camera: false, screen: false };
  #reading: PeerReading = { level: 0 };

  constructor(deps: OneToOneDeps, subject: Subject, ring: Ring) {
    this.#deps = deps;
    this.subject = subject;
    this.#ring = ring;
  }

  get ring(): Ring {
    return this.#ring;
  }

  get isOver(): boolean {
    return this.#ring.phase === 'over';
  }

  /** What the other sends, as it says itself. */
  get peer(): PeerSources {
    return this.#peer;
  }

  get reading(): PeerReading {
    return this.#reading;
  }

  stream(kind: 'camera' | 'screen'): unknown {
    if (kind === 'screen' && !this.#peer.screen) return undefined;
    return this.#link?.stream(kind);
  }

  /** Rings, or lets itself be rung: the time of the first phase runs. */
  start(): void {
    this.#watch();
    if (this.#ring.role === 'caller') void this.#keepRinging();
  }

  /** Something happened; what does not fit changes nothing. */
  happen(happening: Happening): void {
    const before = this.#ring;
    const { ring, deeds } = step(before, happening);
    this.#ring = ring;
    if (ring.phase === 'connecting' && before.phase === 'ringing') this.#open();
    if (ring.phase === 'on') this.#onSinceMs ??= this.#deps.clock.now();
    const isNewPhase = ring.phase !== before.phase;
    if (isNewPhase) this.#watch();
    for (const deed of deeds) this.#do(deed);
    if (!isNewPhase) return;
    if (ring.end !== undefined) {
      const since = this.#onSinceMs;
      this.#deps.onOver(ring.end, since === undefined ? 0 : this.#deps.clock.now() - since);
    }
    this.#deps.onChange();
  }

  /** A signal of this call from a verified device. */
  told(from: string, t: Told, sdp = ''): void {
    this.happen({ what: 'told', from, t, sdp: withoutCandidates(sdp) });
  }

  /** Addresses of the other end; from any other device they are nothing. */
  toldCandidates(from: string, candidates: readonly Candidate[]): void {
    if (from !== this.#ring.peer) return;
    const usable = usableCandidates(candidates);
    this.#next((link) => link.add(usable));
  }

  /** Tells the other what this device sends. */
  tellSources(): void {
    const { media } = this.#deps;
    this.#link?.say(saySources((source) => media.has(source)));
  }

  /** Changes when what `look` found is to be shown anew. */
  get shown(): string {
    return `${this.#reading.path} ${isLoud(this.#reading.level)}`;
  }

  /** Looks at the way: how it runs, and how loud the other is. */
  async look(): Promise<void> {
    if (this.#ring.phase !== 'on' || !this.#link) return;
    this.#reading = await this.#link.read();
  }

  /** Again and again, since a device may just be finding its way back to the box. */
  async #keepRinging(): Promise<void> {
    const { signal } = this.#phaseEnd;
    while (!signal.aborted) {
      const k = this.subject.withVideo ? 'video' : 'audio';
      for (const device of this.#ring.ringing) {
        this.#deps.say(device, 'call', { call: this.#ring.id, k });
      }
      await this.#deps.clock.wait(ringEveryMs, signal);
    }
  }

  /** Offers a new way again and again: the box may still be mending its relay. */
  async #keepLooking(): Promise<void> {
    const { signal } = this.#phaseEnd;
    while (!signal.aborted) {
      this.#offer(true);
      await this.#deps.clock.wait(lookEveryMs, signal);
    }
  }

  #offer(isRestart: boolean): void {
    this.#next(async (link) => {
      // A relay that was started anew has another port and knows nothing of earlier allocations.
      if (isRestart) link.useTurn(await this.#deps.turn());
      const sdp = await link.offer(isRestart);
      this.#sayToPeer('offer', { call: this.#ring.id, sdp });
    });
  }

  #open(): void {
    const { media, onlyRelay, platform } = this.#deps;
    this.#work = this.#work.then(async () => {
      const turn = await this.#deps.turn();
      if (this.#ring.phase === 'over') return;
      const link = platform.openPeer(
        { turn, onlyRelay },
        {
          onCandidates: (found) => {
            const c = usableCandidates(found);
            if (c.length > 0) this.#sayToPeer('ice', { call: this.#ring.id, c });
          },
          onState: (state) => {
            this.happen({ what: state });
            if (state === 'up') this.tellSources();
          },
          onSaid: (text) => {
            this.#hear(text);
          },
        },
      );
      this.#link = link;
      await media.connect(link);
    });
  }

  #do(deed: Deed): void {
    switch (deed.do) {
      case 'say': {
        const call = this.#ring.id;
        const why = deed.why === undefined ? {} : { why: deed.why };
        for (const device of deed.to) {
          if (deed.t === 'accept') this.#deps.say(device, 'accept', { call });
          else this.#deps.say(device, deed.t, { call, ...why });
        }
        if (deed.t === 'hangup') this.#link?.say(sayEnd());
        return;
      }
      case 'offer':
        this.#offer(false);
        return;
      case 'restart':
        void this.#keepLooking();
        return;
      case 'take-offer': {
        const { sdp } = deed;
        const isRestart = this.#onSinceMs !== undefined;
        this.#next(async (link) => {
          if (isRestart) link.useTurn(await this.#deps.turn());
          const answer = await link.answer(sdp);
          if (answer === undefined) this.happen({ what: 'dead' });
          else this.#sayToPeer('answer', { call: this.#ring.id, sdp: answer });
        });
        return;
      }
      case 'take-answer': {
        const { sdp } = deed;
        this.#next(async (link) => {
          if (!(await link.take(sdp))) this.happen({ what: 'dead' });
        });
        return;
      }
      case 'close':
        this.#next((link) => {
          link.close();
          this.#link = undefined;
          return Promise.resolve();
        });
    }
  }

  /** What the other says on the way itself arrives even when the box is gone. */
  #hear(text: string): void {
    const said = readSaid(text);
    if (said === undefined) return;
    const { peer } = this.#ring;
    if (said === 'end') {
      if (peer !== undefined) this.happen({ what: 'told', from: peer, t: 'hangup' });
      return;
    }
    this.#peer = said;
    this.#deps.onChange();
  }

  #sayToPeer<T extends 'offer' | 'answer' | 'ice'>(t: T, body: SignalBody<T>): void {
    const { peer, phase } = this.#ring;
    if (peer !== undefined && phase !== 'over') this.#deps.say(peer, t, body);
  }

  #next(work: (link: PeerLink) => Promise<void>): void {
    this.#work = this.#work
      .then(async () => {
        if (this.#link) await work(this.#link);
      })
      .catch(() => {
        // Whatever the platform refuses to do with a way, the call cannot go on over it.
        this.happen({ what: 'dead' });
      });
  }

  #watch(): void {
    const { clock } = this.#deps;
    this.#phaseEnd.abort();
    const ending = new AbortController();
    this.#phaseEnd = ending;
    const ms = patienceMs[this.#ring.phase];
    if (!Number.isFinite(ms)) return;
    void clock.wait(ms, ending.signal).then(() => {
      if (!ending.signal.aborted) this.happen({ what: 'late' });
    });
  }
}
