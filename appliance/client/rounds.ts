import { topicOf } from '#protocol/codec/fingerprint.ts';
import type { Zlib } from '#protocol/ports.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import { readAnnouncement } from '#protocol/sync/announcement.ts';
import { backOffMs, Bell } from './bell.ts';
import { BoxAway } from './exchange.ts';
import { Link } from './link.ts';
import type { LocalSwarm } from './local-swarm.ts';
import type { Link as LinkView } from './model.ts';
import type { Clock, Network } from './ports.ts';
import { shown } from './problem.ts';
import type { OpenRoom, Rooms } from './rooms.ts';
import type { Session } from './session.ts';
import type { SwarmDoor } from './swarm-door.ts';
import { SwarmSync } from './swarm-sync.ts';
import type { ClientProblem } from './model.ts';

/** What rounds need to know about the end of the mission. */
export interface RoundsEnd {
  /** Longest pause while the box moves on by itself, which no hint tells; undefined before. */
  readonly pauseMs: number | undefined;
  /** Whether there is nothing more to exchange, ever. */
  readonly certificate: { readonly isHere: boolean };
  /** Whether a round failed because the mission is over, or for what the person heard already. */
  explains(error: unknown, signal: AbortSignal): Promise<'over' | 'said' | undefined>;
}

export interface RoundsDeps {
  clock: Clock;
  network: Network;
  zlib: Zlib;
  session: Session;
  door: SwarmDoor;
  dfp: string;
  mission: LocalSwarm<MissionState>;
  rooms: Rooms;
  /** Before anything is asked or sent: is this the right box? */
  checkBox(signal: AbortSignal): Promise<void>;
  /** After everything new is here, before anything is sent. */
  tend(): Promise<void>;
  /** After everything is sent. */
  visit(signal: AbortSignal): Promise<void>;
  /** The end of the mission, as rounds notice it. */
  end: RoundsEnd;
  /** Topics of signals, and what comes on them; false from `receive` if it is none. */
  signals: { filters(): string[]; receive(topic: string, payload: Uint8Array): boolean };
  onChange(): void;
  onLink(link: LinkView): void;
  onProblem(problem: ClientProblem): void;
}

/** Asking by itself: often where no hints come, else only in case one was lost. */
const pollMs = 3_000;
const pollWithHintsMs = 30_000;

/** With fewer commits to come, a progress would only flicker. */
const worthShowing = 30;

/** A device's rounds with the box: fetch what is new, do the chores, send what is ours. */
export class Rounds {
  readonly #deps: RoundsDeps;
  readonly #sync: SwarmSync;
  readonly #link: Link;
  readonly #bell: Bell;
  /** Swarms that somebody hinted at. */
  #dirty = new Set<string>();
  /** After a start, a pause, or a hint to look everywhere. */
  #isAllDirty = true;
  readonly #waiting = new Set<() => void>();
  /** Of the round that is fetching at present, which may take long. */
  #pulling: AbortSignal | undefined;
  #sending: Promise<void> = Promise.resolve();
  /** Whether a whole round has ended well since the start. */
  hasCaughtUp = false;

  constructor(deps: RoundsDeps) {
    const { clock, door, dfp, network, session, zlib } = deps;
    this.#deps = deps;
    this.#sync = new SwarmSync(door, zlib, dfp);
    this.#bell = new Bell(clock);
    this.#link = new Link({
      network,
      clock,
      login: (signal, failures) => {
        if (failures > 0) session.renew();
        return session.mqttLogin(signal);
      },
      onHint: (topic, payload) => {
        if (!deps.signals.receive(topic, payload)) this.#hint(topic, payload);
      },
      onChange: () => {
        this.lookAround();
      },
    });
  }

  /** Something of ours is to be sent; not even a fetch that hangs keeps it here. */
  ring(): void {
    this.#bell.ring();
    if (this.#pulling) void this.#push(this.#pulling).catch(() => undefined);
  }

  /** Resolves when the box has all of ours in the mission, or a round has failed. */
  delivered(): Promise<void> {
    const waiting = Promise.withResolvers<void>();
    this.#waiting.add(waiting.resolve);
    this.#bell.ring();
    return waiting.promise;
  }

  /** Hands a signal to the broker; false while there is no link. */
  publish(topic: string, payload: Uint8Array): Promise<boolean> {
    return this.#link.publish(topic, payload);
  }

  /** Whether signals can be sent at present. */
  get isLinked(): boolean {
    return this.#link.isUp;
  }

  /** Something may be new anywhere. */
  lookAround(): void {
    this.#isAllDirty = true;
    this.#bell.ring();
  }

  /**
   * Round after round until `signal` aborts or the mission is over; between them it rests until a
   * hint or its time.
   */
  async run(whole: AbortSignal): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([whole, over.signal]);
    const linking = this.#link.run(signal);
    const stopWatching = this.#deps.network.onTurn?.(() => {
      this.#link.wake();
      this.lookAround();
    });
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#round(signal);
        // The way is open again, so MQTT need not wait for its own time.
        if (failures > 0) this.#link.wake();
        failures = 0;
        this.#deps.onLink({ state: this.#link.isUp ? 'linked' : 'slow' });
      } catch (error) {
        const why = signal.aborted ? 'over' : await this.#deps.end.explains(error, signal);
        if (why === 'over') break;
        failures += 1;
        this.#isAllDirty = true;
        this.#fail(why === 'said' ? undefined : error);
      }
      if (failures > 0 || this.#deps.mission.outbox.pending.length === 0) this.#release();
      this.#deps.onChange();
      if (this.#deps.end.certificate.isHere) break;
      const rested = await this.#rest(failures, signal);
      if (!rested) this.#isAllDirty = true;
    }
    stopWatching?.();
    this.#release();
    over.abort();
    await linking;
    this.#deps.onChange();
  }

  #release(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /** False if nobody rang. */
  async #rest(failures: number, signal: AbortSignal): Promise<boolean> {
    const pause = this.#deps.end.pauseMs ?? (this.#link.isUp ? pollWithHintsMs : pollMs);
    return this.#bell.rest(failures > 0 ? backOffMs(failures) : pause, signal);
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { door, mission, rooms } = this.#deps;
    const isAll = this.#isAllDirty;
    const dirty = this.#dirty;
    this.#isAllDirty = false;
    this.#dirty = new Set();
    await this.#deps.checkBox(signal);
    if (isAll) {
      const swarms = await door.swarms(signal);
      await rooms.discover(
        swarms.flatMap(({ cid, parent }) => (parent === mission.cid ? [cid] : [])),
      );
    }
    this.#pulling = signal;
    try {
      if (isAll || dirty.has(mission.cid)) await this.#pullMission(signal);
      for (const open of rooms.all()) {
        if (isAll || dirty.has(open.room.cid)) await this.#pullRoom(open, signal);
      }
    } finally {
      this.#pulling = undefined;
    }
    await this.#deps.tend();
    this.#deps.onChange();
    await this.#push(signal);
    await this.#deps.visit(signal);
    await this.#link.listen(this.#filters());
    if (isAll) this.hasCaughtUp = true;
  }

  /** One after the other: two at once would send the same. */
  #push(signal: AbortSignal): Promise<void> {
    const sent = this.#sending.then(() => this.#pushAll(signal));
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  /** Whoever sends a room's commits sends first what they know of the mission (M3). */
  async #pushAll(signal: AbortSignal): Promise<void> {
    const { mission, rooms } = this.#deps;
    await this.#sync.push(mission, signal);
    for (const { room } of rooms.all()) await this.#sync.push(room.swarm, signal);
  }

  async #pullMission(signal: AbortSignal): Promise<void> {
    const { mission, rooms } = this.#deps;
    const { fresh } = await this.#sync.pull(mission, signal, this.#progress);
    if (fresh.length === 0) return;
    for (const open of rooms.all()) await this.#learn(open, (await open.room.swarm.retry()).ok);
  }

  async #pullRoom(open: OpenRoom, signal: AbortSignal): Promise<void> {
    const { swarm } = open.room;
    const isFirst = !swarm.isKnown;
    const { fresh, needsMission } = await this.#sync.pull(swarm, signal, (done, total) => {
      if (isFirst && done < total) open.progress = { done, total };
      this.#progress(done, total);
    });
    open.progress = undefined;
    await this.#learn(open, fresh);
    if (needsMission) await this.#pullMission(signal);
  }

  /** Keys first, since what is late can be said only of what is opened. */
  async #learn({ room, reader, reading }: OpenRoom, fresh: readonly string[]): Promise<void> {
    if (fresh.length === 0 || !room.swarm.isKnown) return;
    await room.keys.learn(fresh.flatMap((sid) => room.swarm.replica.op(sid) ?? []));
    await reading.arrived(new Set(fresh), reader.read().lines, this.#deps.clock.now());
    this.#deps.onChange();
  }

  readonly #progress = (done: number, total: number): void => {
    if (total - done >= worthShowing) this.#deps.onLink({ state: 'catching-up', done, total });
  };

  #hint(topic: string, payload: Uint8Array): void {
    const { mission, rooms } = this.#deps;
    const [kind, tp] = topic.split('/');
    const swarms = [mission, ...rooms.all().map(({ room }) => room.swarm)];
    const swarm = kind === 's' ? swarms.find(({ cid }) => topicOf(cid) === tp) : undefined;
    const told = readAnnouncement(payload);
    if (!swarm || !told.ok) {
      this.lookAround();
    } else if (!swarm.replica.byOid(told.value.o)) {
      this.#dirty.add(swarm.cid);
      this.#bell.ring();
    }
  }

  #filters(): string[] {
    const { dfp, mission, rooms } = this.#deps;
    const cids = [mission.cid, ...rooms.all().map(({ room }) => room.cid)];
    const heads = cids.map((cid) => `s/${topicOf(cid)}/h/+`);
    return [`b/${dfp}`, ...heads, ...this.#deps.signals.filters()];
  }

  #fail(error: unknown): void {
    this.#deps.onLink({ state: 'none' });
    // That the box is away, the link says; everything else a person should hear.
    if (error !== undefined && !(error instanceof BoxAway)) this.#deps.onProblem(shown(error));
  }
}
