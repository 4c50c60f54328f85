import type { Clock } from '#kernel/clock.ts';
import { Serial } from '#kernel/serial.ts';
import { missionReplica, roomReplica } from '#protocol/admit/replica.ts';
import type { Engine } from '#protocol/ports.ts';
import type { ChildState } from '#protocol/state/child-state.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import type { HeadFact } from './facts.ts';
import { historyOf, isMissionGenesis, type History } from './history.ts';
import type { States } from './membership.ts';
import { ReceiptLog, type SignReceipt } from './receipt-log.ts';
import type { Repositories } from './repository.ts';
import { sourcesOf, type SealedSource, type SealedSwarm } from './sealing.ts';
import { StoredSwarm } from './stored-swarm.ts';

/** What the store is built from. */
export interface SwarmsDeps {
  repositories: Repositories;
  path(below: string): string;
  signReceipt: SignReceipt;
  engine: Engine;
  clock: Clock;
}

/** The mission or a conversation. */
export type AnySwarm = StoredSwarm<MissionState> | StoredSwarm<ChildState>;

/** The mission and its conversations, as this box has them. */
export class Swarms implements States {
  readonly #deps: SwarmsDeps;
  readonly #turn = new Serial();
  #mission: StoredSwarm<MissionState> | undefined;
  #rooms = new Map<string, StoredSwarm<ChildState>>();
  #isBroken = false;

  constructor(deps: SwarmsDeps) {
    this.#deps = deps;
  }

  /** Whether a write failed, so that memory may know what the disk does not. Ends with `load`. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** This moment in whole seconds, as receipts give it. */
  get seconds(): number {
    return Math.floor(this.#deps.clock.now() / 1000);
  }

  /**
   * Runs one write after the other: a conversation is judged by the mission it knows, so both
   * share one lock. A write that fails leaves the store closed until it is loaded again.
   */
  write<T>(task: () => Promise<T>): Promise<T> {
    return this.#turn.run(async () => {
      if (this.#isBroken) throw new Error('the store has to be loaded again');
      try {
        return await task();
      } catch (error) {
        this.#isBroken = true;
        throw error;
      }
    });
  }

  /** Runs a task while nothing is written. Its failure is the caller's business alone. */
  still<T>(task: () => Promise<T>): Promise<T> {
    return this.#turn.run(task);
  }

  /** Resolves when the running writes have ended. */
  settled(): Promise<void> {
    return this.#turn.run(() => Promise.resolve());
  }

  /** Reads everything from the disk, the mission first. Throws when it is damaged. */
  load(signal: AbortSignal): Promise<void> {
    return this.#turn.run(async () => {
      this.#mission = undefined;
      this.#rooms = new Map();
      const rooms = new Map<string, History>();
      for (const cid of await this.#deps.repositories.list()) {
        const history = await historyOf(await this.#deps.repositories.open(cid));
        const [genesis] = history.commits;
        // Empty: a power cut came between making the repository and its first ref.
        if (genesis === undefined) continue;
        if (!isMissionGenesis(genesis)) {
          rooms.set(cid, history);
          continue;
        }
        if (this.#mission) throw new Error('there are two missions in the store');
        this.#mission = await this.newMission(cid);
        await this.#mission.load(history, this.seconds);
      }
      for (const [cid, history] of rooms) {
        signal.throwIfAborted();
        const room = await this.newRoom(cid);
        await room.load(history, this.seconds);
        this.#rooms.set(cid, room);
      }
      this.#isBroken = false;
    });
  }

  get(cid: string): AnySwarm | undefined {
    return this.#mission?.cid === cid ? this.#mission : this.#rooms.get(cid);
  }

  /** All swarms, the mission first. */
  all(): AnySwarm[] {
    return this.#mission ? [this.#mission, ...this.#rooms.values()] : [];
  }

  rooms(): StoredSwarm<ChildState>[] {
    return [...this.#rooms.values()];
  }

  get missionSwarm(): StoredSwarm<MissionState> | undefined {
    return this.#mission;
  }

  mission(): { cid: string; state: MissionState } | undefined {
    return this.#mission && { cid: this.#mission.cid, state: this.#mission.state };
  }

  child(cid: string): ChildState | undefined {
    return this.#rooms.get(cid)?.state;
  }

  children(): string[] {
    return [...this.#rooms.keys()].sort();
  }

  /** Every device's newest commit in every swarm. */
  heads(): HeadFact[] {
    return this.all().flatMap((swarm) =>
      swarm.heads().map(([device, oid, sid, q]) => {
        return { cid: swarm.cid, device, oid, sid, q, n: swarm.catalogue.count };
      }),
    );
  }

  /** What a record of this sealed mission is made from. */
  sources(sealed: readonly SealedSwarm[], signal: AbortSignal): Promise<SealedSource[]> {
    const { engine, repositories } = this.#deps;
    const open = (cid: string) => repositories.open(cid);
    const receipts = (cid: string, bytes: number) => this.#receipts(cid).beginning(bytes);
    return sourcesOf({ engine, open, receipts }, sealed, signal);
  }

  /** An empty mission that takes only the genesis of this cid; nothing is on the disk yet. */
  async newMission(cid: string): Promise<StoredSwarm<MissionState>> {
    const replica = missionReplica(this.#deps.engine, cid);
    return new StoredSwarm({ cid, replica, ...(await this.#places(cid)) });
  }

  /** The same for a conversation. Throws while there is no mission. */
  async newRoom(cid: string): Promise<StoredSwarm<ChildState>> {
    if (!this.#mission) throw new Error('a conversation needs its mission');
    const replica = roomReplica(this.#deps.engine, this.#mission.replica, cid);
    return new StoredSwarm({ cid, replica, ...(await this.#places(cid)) });
  }

  /** Puts a swarm with the others once its genesis is stored. */
  addIfBegun(swarm: AnySwarm): void {
    if (swarm.catalogue.count === 0 || swarm === this.#mission) return;
    if (swarm.replica.mission) this.#rooms.set(swarm.cid, swarm as StoredSwarm<ChildState>);
    else this.#mission = swarm as StoredSwarm<MissionState>;
  }

  async #places(cid: string) {
    const repository = await this.#deps.repositories.open(cid);
    return { repository, receipts: this.#receipts(cid) };
  }

  #receipts(cid: string): ReceiptLog {
    const { path, signReceipt } = this.#deps;
    return new ReceiptLog(path(`mission/receipts/${cid}.log`), cid, signReceipt);
  }
}
