import { toB64u } from '#protocol/codec/text-form.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import type { SignalBody } from '#protocol/media/signal-form.ts';
import type { OngoingView } from '../call-model.ts';
import { problem } from '../problem.ts';
import type { OpenRoom, Rooms } from '../rooms.ts';
import { ongoing, type CallMark } from './call-log.ts';
import { Conference, roomOf, type ConferenceDeps } from './conference.ts';
import { readRoomState } from './room-state.ts';

export interface ConferencesDeps extends Omit<ConferenceDeps, 'tell' | 'onOver'> {
  rooms: Rooms;
  /** This device's member. */
  member: string;
  tell(open: OpenRoom, body: SignalBody<'digest'>): void;
  /** Something was written and is to be sent. */
  ring(): void;
}

/** Conferences of this device's conversations: those that go on, and the one it is in. */
export class Conferences {
  readonly #deps: ConferencesDeps;
  #current: Conference | undefined;
  /** People inside, as the box last said, by room at the SFU. */
  readonly #counts = new Map<string, number>();

  constructor(deps: ConferencesDeps) {
    this.#deps = deps;
  }

  /** The conference this person is in or about to join; stays when over until dismissed. */
  get current(): Conference | undefined {
    return this.#current;
  }

  get isBusy(): boolean {
    return this.#current !== undefined && !this.#current.isOver;
  }

  /** To the door of the conference that is on in a conversation, or of a new one. */
  async open(cid: string): Promise<void> {
    if (!this.#deps.platform.canEncryptFrames) throw problem('CALL_NO_ENCRYPTION');
    if (!this.#deps.rooms.get(cid)?.room.swarm.isKnown) throw problem('NO_CONVERSATION');
    const on = this.#marks(cid).at(-1)?.conf;
    const conference = this.#make(cid, on ?? toB64u(this.#deps.engine.random(16)));
    this.#current = conference;
    this.#deps.onChange();
    if (on !== undefined) await conference.peek();
  }

  /** Through the door. The one who is first says so in the log, so that others find it. */
  async join(withVideo: boolean): Promise<void> {
    const conference = this.#current;
    if (conference?.step !== 'before') throw problem('CALL_GONE');
    const { media } = this.#deps;
    // Without a camera one still hears and speaks.
    await media.set('camera', withVideo).catch(() => undefined);
    const { cid, conf } = conference;
    if (!this.#marks(cid).some((mark) => mark.conf === conf)) await this.#announce(cid, conf);
    await conference.join();
  }

  leave(): void {
    this.#current?.leave();
  }

  dismiss(): void {
    const current = this.#current;
    if (current?.step === 'before') current.finish('hangup');
    if (current?.isOver) this.#current = undefined;
  }

  /** Conferences that one could join. */
  view(): OngoingView[] {
    return this.#deps.rooms.all().flatMap(({ room: { cid } }) =>
      this.#marks(cid).map(({ conf }) => ({
        cid,
        conf,
        people: this.#counts.get(roomOf(cid, conf)) ?? 0,
      })),
    );
  }

  /** Commits have come: who was removed is out, and so is everybody when the host was. */
  check(): void {
    const conference = this.#current;
    if (!conference || conference.isOver || conference.step === 'before') return;
    conference.check();
    const isOn = this.#marks(conference.cid).some(({ conf }) => conf === conference.conf);
    if (!isOn) conference.leave('removed');
  }

  /** Something changed in a room at the SFU. */
  hint(room: string): void {
    if (this.#current?.room === room) void this.#current.refresh();
  }

  /**
   * Looks how many are inside the conferences that go on, and ends in the log those that this
   * device began and everybody has left (§7.4).
   */
  async visit(signal: AbortSignal): Promise<void> {
    const { doors, rooms, self } = this.#deps;
    for (const {
      room: { cid },
    } of rooms.all()) {
      for (const mark of this.#marks(cid)) {
        const room = roomOf(cid, mark.conf);
        const people = await doors.room(room, signal).then(
          (told) => readRoomState(told).peers.length,
          () => 0,
        );
        if (this.#counts.get(room) !== people) this.#deps.onChange();
        this.#counts.set(room, people);
        const isMine = mark.device === self && this.#current?.conf !== mark.conf;
        if (isMine && people === 0) await this.#end(cid, mark);
      }
    }
  }

  stop(): void {
    if (this.isBusy) this.leave();
  }

  #marks(cid: string): CallMark[] {
    const open = this.#deps.rooms.get(cid);
    if (!open?.room.swarm.isKnown) return [];
    return ongoing(open.reader.read().calls, (device) => this.#deps.circle.isIn(cid, device));
  }

  #make(cid: string, conf: string): Conference {
    const { media, rooms } = this.#deps;
    const conference: Conference = new Conference(
      {
        ...this.#deps,
        tell: (body) => {
          const open = rooms.get(cid);
          if (open) this.#deps.tell(open, body);
        },
        onOver: () => {
          if (this.#current === conference) media.stop();
        },
      },
      cid,
      conf,
    );
    return conference;
  }

  async #announce(cid: string, conf: string): Promise<void> {
    const { member, self } = this.#deps;
    // Where to join, as it was written before there were boxes: who, with what, in which room.
    const uri = [member, self, cid, conf].join('/');
    await this.#say(cid, 'call-start', { conf, dev: self, uri });
  }

  async #end(cid: string, { atMs, conf }: CallMark): Promise<void> {
    const { clock, self } = this.#deps;
    const ms = Math.max(0, Math.round(clock.now() - atMs));
    await this.#say(cid, 'call-end', { conf, dev: self, ms });
  }

  async #say(cid: string, t: string, body: { [key: string]: Json }): Promise<void> {
    await this.#deps.rooms.get(cid)?.room.say(t, body);
    this.#deps.ring();
    this.#deps.onChange();
  }
}
