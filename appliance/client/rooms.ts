import { toB64u } from '#protocol/codec/text-form.ts';
import { conversationId, sidOf } from '#protocol/codec/fingerprint.ts';
import { roomReplica, type MissionReplica } from '#protocol/admit/replica.ts';
import type { Line } from '#protocol/content/fold.ts';
import type { Engine } from '#protocol/ports.ts';
import type { ChildGenesis } from '#protocol/state/child-state.ts';
import { LocalSwarm, signedCommit } from './local-swarm.ts';
import type { Clock, Storage } from './ports.ts';
import { problem } from './problem.ts';
import { Reading } from './reading.ts';
import { minuteOf, Room } from './room.ts';
import { RoomKeys } from './room-keys.ts';
import type { Self } from './self.ts';
import { Reader } from './transcript.ts';
import type { Vault, VaultChange } from './vault.ts';

/** A conversation with everything this device keeps about it. */
export interface OpenRoom {
  room: Room;
  reader: Reader;
  reading: Reading;
  /** While its history comes for the first time. */
  progress?: { done: number; total: number } | undefined;
}

export interface RoomsDeps {
  engine: Engine;
  clock: Clock;
  storage: Storage;
  vault: Vault;
  self: Self;
  mission: MissionReplica;
}

/** The conversations of this device, by cid. */
export class Rooms {
  readonly #deps: RoomsDeps;
  readonly #open = new Map<string, OpenRoom>();

  constructor(deps: RoomsDeps) {
    this.#deps = deps;
  }

  /** In the order in which this device got to know them. */
  all(): readonly OpenRoom[] {
    return [...this.#open.values()];
  }

  get(cid: string): OpenRoom | undefined {
    return this.#open.get(cid);
  }

  /** What a conversation shows; empty if it is not here. */
  lines(cid: string): readonly Line[] {
    const open = this.#open.get(cid);
    return open?.room.swarm.isKnown ? open.reader.read().lines : [];
  }

  /** A message of any conversation, and where it stands. */
  lineOf(sid: string): { cid: string; line: Line } | undefined {
    for (const cid of this.#open.keys()) {
      const line = this.lines(cid).find((one) => one.sid === sid);
      if (line) return { cid, line };
    }
    return undefined;
  }

  /** Writes a message into a conversation, as `Room.say`. */
  async say(...[cid, ...said]: [string, ...Parameters<Room['say']>]): Promise<void> {
    const open = this.#open.get(cid);
    if (!open) throw problem('NO_CONVERSATION');
    await open.room.say(...said);
  }

  /** Opens what this device knew when it was last used. */
  async open(): Promise<void> {
    const cids = (await this.#deps.vault.get<string[]>('rooms')) ?? [];
    for (const cid of cids) await this.#openOne(cid);
  }

  /** Takes in conversations that the box names; whether they are ones, their genesis will show. */
  async discover(cids: readonly string[]): Promise<void> {
    const added = cids.filter((cid) => !this.#open.has(cid));
    if (added.length === 0) return;
    await this.#deps.vault.write([this.#listWith(added)]);
    for (const cid of added) await this.#openOne(cid);
  }

  /** Begins a conversation; `changesFor` its cid are kept together with the genesis. */
  async create(
    genesis: Omit<ChildGenesis, 'nonce'>,
    changesFor: (cid: string) => readonly VaultChange[],
  ): Promise<OpenRoom> {
    const { engine, clock, mission, self } = this.#deps;
    const x = { ...genesis, nonce: toB64u(engine.random(32)) };
    const raw = await signedCommit(roomReplica(engine, mission), self.device.signer, {
      k: 'genesis',
      d: self.dfp,
      seconds: minuteOf(clock.now()),
      x,
    });
    const cid = conversationId(sidOf(raw));
    const opened = await this.#openOne(cid);
    await opened.room.swarm.begin(raw, [this.#listWith([cid]), ...changesFor(cid)]);
    return opened;
  }

  #listWith(added: readonly string[]): VaultChange {
    return { key: 'rooms', value: [...new Set([...this.#open.keys(), ...added])] };
  }

  async #openOne(cid: string): Promise<OpenRoom> {
    const { engine, clock, storage, vault, self, mission } = this.#deps;
    const replica = roomReplica(engine, mission, cid);
    const { signer } = self.device;
    const repository = await storage.repository(cid);
    const swarm = new LocalSwarm({ cid, replica, repository, vault, signer, dfp: self.dfp });
    await swarm.open();
    const keys = new RoomKeys(cid, vault, {
      device: self.dfp,
      member: self.mfp,
      deviceKeys: [self.device.agreement],
      inbox: self.inbox,
    });
    if (swarm.isKnown) await keys.open(replica);
    const reading = new Reading(vault, cid);
    await reading.open();
    const opened: OpenRoom = {
      room: new Room(swarm, keys, { engine, clock, self }),
      reader: new Reader(replica, keys.ring, (op) => swarm.isKept(op)),
      reading,
    };
    this.#open.set(cid, opened);
    return opened;
  }
}
