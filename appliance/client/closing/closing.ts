import type { Engine } from '#protocol/ports.ts';
import { isDeviceEffective } from '#protocol/state/mission-state.ts';
import type { ClosingView } from '../closing-model.ts';
import { BoxAway, BoxRefusal, type Carrier } from '../exchange.ts';
import type { FilePlatform } from '../files/ports.ts';
import type { ClientProblem } from '../model.ts';
import type { Clock } from '../ports.ts';
import { problem, shown } from '../problem.ts';
import type { Rooms } from '../rooms.ts';
import type { Vault } from '../vault.ts';
import { Certificate } from './certificate.ts';
import { closingView } from './closing-view.ts';
import { EndDoor, type EndNews } from './end-door.ts';
import { LastSync } from './last-sync.ts';
import { Receipts } from './receipts.ts';
import { RecordCopy } from './record-copy.ts';
import { Voice, type VoiceDeps } from './voice.ts';
import { Waiting } from './waiting.ts';

export interface ClosingDeps extends VoiceDeps {
  engine: Engine;
  clock: Clock;
  vault: Vault;
  files: FilePlatform;
  rooms: Rooms;
  /** Asks as anybody, and as this device. */
  open: Carrier;
  proven: Carrier;
  /** Files of this device that are not on the box. */
  unsentFiles(): number;
  /** Addresses of files that the box had whole, as this device saw. */
  filesOnBox(): ReadonlySet<string>;
  /** There is something to say. */
  ring(): void;
  onChange(): void;
  onProblem(told: ClientProblem): void;
}

/** Between two looks at what the box does by itself. */
const pollMs = 3_000;
const hurriedMs = 1_000;

/** Refusals, after a fresh login too, of a box that keeps a device out. */
const shut = ['GATEWAY_LOGIN_REFUSED', 'GATEWAY_SESSION_UNKNOWN'];

/** The end of the mission as one device goes through it: last sync, record, receipt, certificate. */
export class Closing {
  readonly sync: LastSync;
  readonly copy: RecordCopy;
  readonly receipts: Receipts;
  readonly waiting: Waiting;
  readonly certificate: Certificate;
  readonly #deps: ClosingDeps;
  readonly #voice: Voice;
  readonly #door: EndDoor;
  readonly #whole = new AbortController();
  /** What the box said last, and how many receipts there were then. */
  #heard: { news: EndNews; receipts: number } | undefined;
  #told: string | undefined;
  /** Whether the box keeps this device out; only its own word, so it ends nothing by itself. */
  #isShutOut = false;

  constructor(deps: ClosingDeps) {
    this.#deps = deps;
    const voice = new Voice(deps);
    const door = new EndDoor(deps.open, deps.proven);
    this.#voice = voice;
    this.#door = door;
    this.sync = new LastSync({ ...deps, voice });
    this.copy = new RecordCopy({ ...deps, voice, door });
    const { copy, sync } = this;
    this.receipts = new Receipts({ ...deps, hashes: deps.files.hashes, voice, sync, copy });
    this.waiting = new Waiting({ ...deps, voice });
    this.certificate = new Certificate({ ...deps, voice, copy, door });
  }

  async open(): Promise<void> {
    const { certificate, copy, receipts, sync, waiting } = this;
    for (const part of [sync, copy, receipts, waiting, certificate]) await part.open();
  }

  /** Whether a close stands: nothing is written any more but what belongs to the end. */
  get isClosed(): boolean {
    return this.#voice.isClosed;
  }

  /** How soon to ask the box again: at once while it builds or wipes, else now and then. */
  get pauseMs(): number | undefined {
    if (!this.isClosed) return undefined;
    const step = this.view()?.step;
    return step === 'building' || step === 'wiping' ? hurriedMs : pollMs;
  }

  /** Whether the mission is wiped, or this device is out: nothing holds it here any more. */
  get isOver(): boolean {
    const { mission, self, state } = this.#voice;
    if (this.certificate.isHere || this.#isShutOut) return true;
    const isMember = mission.isKnown && state.devices.has(self.dfp);
    return isMember && !isDeviceEffective(state, self.dfp);
  }

  /** From the close on; also where only a record or the certificate tells of it. */
  view(): ClosingView | undefined {
    if (!this.isClosed && !this.certificate.isHere && !this.copy.offer) return undefined;
    const { certificate, copy, receipts, sync, waiting } = this;
    const unsentFiles = this.#deps.unsentFiles();
    const [voice, news] = [this.#voice, this.#latest];
    return closingView({
      ...{ certificate, copy, news, receipts, sync, unsentFiles, voice, waiting },
    });
  }

  /** Goes on with a record that was being fetched. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([signal, this.#whole.signal]);
    await this.copy.resume(stop);
    if (!stop.aborted) this.#deps.ring();
  }

  /** Ends what is being fetched; it goes on after the next start. */
  async stop(): Promise<void> {
    this.#whole.abort();
    await this.copy.settled();
  }

  /** Fetches and checks the record; see `RecordCopy`. */
  async fetch(): Promise<void> {
    await this.copy.fetch(this.#whole.signal);
  }

  /** Does by itself what is due, once everything new is here. */
  async tend(): Promise<void> {
    if (!this.isClosed) return;
    for (const part of [this.waiting, this.sync, this.copy, this.receipts]) {
      try {
        await part.tend(this.#whole.signal);
      } catch (error) {
        this.#tell(shown(error));
      }
    }
  }

  /** Asks the box how far it is, once everything of ours is there. */
  async visit(signal: AbortSignal): Promise<void> {
    if (!this.isClosed) return;
    try {
      await this.#ask(signal);
    } catch (error) {
      // Whoever refuses to say how far it is keeps nobody from the rest of the round.
      if (!(error instanceof BoxRefusal)) throw error;
      this.#tell(shown(error));
    }
  }

  /**
   * Why a round failed: the box was wiped, and knows nobody or is another one by now; or it keeps
   * this device out, which still gets the record if its party ever was one (T1). Whatever the box
   * says of itself, only its old signature counts.
   */
  async explains(error: unknown, signal: AbortSignal): Promise<'over' | 'said' | undefined> {
    if (error instanceof BoxAway) return undefined;
    try {
      if (await this.certificate.look(signal)) return 'over';
      this.#isShutOut = error instanceof BoxRefusal && shut.includes(error.code);
      if (!this.#isShutOut) return undefined;
      this.#tell(problem('DEVICE_OUT', error));
      await this.#ask(signal);
    } catch {
      // Doors that fail too explain nothing.
    }
    return this.#isShutOut ? 'said' : undefined;
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { size } = this.#voice.state.end.receipts;
    const news = await this.#door.news(signal);
    this.#heard = { news, receipts: size };
    if (news.offer) await this.copy.propose(news.offer);
    if (news.step === 'wiped') await this.certificate.look(signal);
  }

  /** What the box said; whom it waits for is news no more once another receipt is there. */
  get #latest(): EndNews | undefined {
    if (!this.#heard) return undefined;
    const { news, receipts } = this.#heard;
    const isStale = receipts !== this.#voice.state.end.receipts.size;
    return isStale ? { ...news, waits: [] } : news;
  }

  /** What cannot be done now is tried again in each round, and said once. */
  #tell(told: ClientProblem): void {
    if (this.#told !== told.message) this.#deps.onProblem(told);
    this.#told = told.message;
  }
}
