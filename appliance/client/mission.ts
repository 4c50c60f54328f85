import { equal } from '#protocol/codec/bytes.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import { missionReplica } from '#protocol/admit/replica.ts';
import { boxKeyHash } from '#protocol/mission/login.ts';
import { readNames } from '#protocol/mission/names.ts';
import type { Engine } from '#protocol/ports.ts';
import { contested, recordedBox, type MissionState } from '#protocol/state/mission-state.ts';
import type { Boards } from './boards/boards.ts';
import { Calls } from './calls/calls.ts';
import { Chores } from './chores.ts';
import { trueComparisons } from './comparisons.ts';
import { OpenCarrier } from './exchange.ts';
import type { Files } from './files/files.ts';
import { Invitations } from './invitations.ts';
import { LocalSwarm } from './local-swarm.ts';
import { charterOfMission, type Moment } from './mission-view.ts';
import type { ClientProblem, JoiningView, Link as LinkView } from './model.ts';
import { OpenDoor } from './open-door.ts';
import type { DeviceKeys, Platform } from './ports.ts';
import { problem } from './problem.ts';
import { Rooms } from './rooms.ts';
import { Rounds } from './rounds.ts';
import { selfOf, type Self, type SelfRecord } from './self.ts';
import { Session } from './session.ts';
import { SwarmDoor } from './swarm-door.ts';
import { sharing } from './sharing.ts';
import type { Vault } from './vault.ts';

export interface MissionDeps {
  platform: Platform;
  engine: Engine;
  vault: Vault;
  device: DeviceKeys;
  record: SelfRecord;
  onChange: () => void;
  /** Something beside the view changed: messages, a board. */
  onAside: () => void;
  onLink: (link: LinkView) => void;
  onProblem: (problem: ClientProblem) => void;
}

/** How long somebody who just joined waits for the charter's words before going in without. */
const wordsWithinMs = 5_000;

/** A device in its mission: what it knows, what it writes, and its rounds with the box. */
export class Mission {
  readonly self: Self;
  readonly swarm: LocalSwarm<MissionState>;
  readonly rooms: Rooms;
  readonly invitations: Invitations;
  readonly chores: Chores;
  readonly calls: Calls;
  readonly files: Files;
  readonly boards: Boards;
  readonly #deps: MissionDeps;
  readonly #door: OpenDoor;
  readonly #rounds: Rounds;
  readonly #openedMs: number;
  #record: SelfRecord;
  #boxKey: Uint8Array | undefined;
  #saidContested = false;

  private constructor(deps: MissionDeps, swarm: LocalSwarm<MissionState>, self: Self) {
    const { platform, engine, vault, record, onAside, onChange, onProblem } = deps;
    const { clock, network, storage, zlib } = platform;
    this.#deps = deps;
    this.#record = record;
    this.#openedMs = clock.now();
    this.self = self;
    this.swarm = swarm;
    const open = new OpenCarrier(network);
    const session = new Session({
      open,
      bindings: network.bindings,
      engine,
      signer: self.device.signer,
      dfp: self.dfp,
      cid: record.cid,
      boxKeyHash: this.#boxHash(),
    });
    const door = new SwarmDoor(session);
    const mine = { clock, vault, self, mission: swarm, record: () => this.#record };
    const ring = (): void => {
      this.ring();
    };
    this.#door = new OpenDoor(open);
    this.rooms = new Rooms({ engine, clock, storage, vault, self, mission: swarm.replica });
    this.invitations = new Invitations({
      ...mine,
      engine,
      door,
      origin: network.origin,
      words: () => this.#words(),
    });
    this.chores = new Chores({
      ...mine,
      rooms: this.rooms,
      keep: (change) => this.keep(change),
      boxKey: () => this.#boxKey,
    });
    this.calls = new Calls({
      engine,
      clock,
      vault,
      platform: platform.calls,
      self,
      mission: swarm,
      rooms: this.rooms,
      carrier: session,
      publish: (topic, payload) => this.#rounds.publish(topic, payload),
      isLinked: () => this.#rounds.isLinked,
      onEphemeral: (signal) => {
        if (signal.t === 'board') this.boards.hear(signal);
      },
      ring,
      onChange,
    });
    const { calls, rooms } = this;
    const carrier = session;
    const lent = { platform, engine, vault, rooms, calls, carrier, ring, onAside, onProblem };
    const { files, boards } = sharing(lent);
    this.files = files;
    this.boards = boards;
    this.#rounds = new Rounds({
      clock,
      network,
      zlib,
      session,
      door,
      dfp: self.dfp,
      mission: swarm,
      rooms: this.rooms,
      checkBox: (signal) => this.#checkBox(signal),
      tend: () => this.#tend(),
      visit: async (signal) => {
        if (this.invitations.hasOpen) await this.invitations.claims.refresh(signal);
        await this.calls.visit(signal);
      },
      signals: this.calls,
      onChange: () => {
        this.calls.check();
        deps.onChange();
      },
      onLink: (link) => {
        this.calls.linked();
        if (link.state !== 'none') this.files.wake();
        deps.onLink(link);
      },
      onProblem,
    });
  }

  /** Opens what this device has of its mission. */
  static async open(deps: MissionDeps): Promise<Mission> {
    const { platform, engine, vault, device, record } = deps;
    const { cid } = record;
    const self = selfOf(record.secrets, device);
    const swarm = new LocalSwarm({
      cid,
      replica: missionReplica(engine, cid),
      repository: await platform.storage.repository(cid),
      vault,
      signer: device.signer,
      dfp: self.dfp,
    });
    await swarm.open();
    const mission = new Mission(deps, swarm, self);
    await mission.rooms.open();
    await mission.invitations.open();
    await mission.calls.open();
    await mission.files.open();
    await mission.boards.recover();
    return mission;
  }

  get record(): SelfRecord {
    return this.#record;
  }

  /** Everything that views are made of; undefined before anything of the mission is here. */
  moment(): Moment | undefined {
    if (!this.swarm.isKnown) return undefined;
    return {
      state: this.swarm.replica.view().state,
      me: this.self.mfp,
      dfp: this.self.dfp,
      record: this.#record,
      rooms: this.rooms.all(),
      invitations: this.invitations.view(),
      claims: this.invitations.claims.view(),
      calls: this.calls,
      files: this.files,
    };
  }

  /** What somebody sees who was admitted, until the mission is here. */
  arriving(): JoiningView {
    return { mission: this.#record.mission, party: this.#record.partyName, step: 'joining' };
  }

  /** Whether the charter's words are here, or are not to be waited for any longer. */
  get hasWords(): boolean {
    const waitedMs = this.#deps.platform.clock.now() - this.#openedMs;
    const isOver = this.#rounds.hasCaughtUp && waitedMs > wordsWithinMs;
    return this.#record.names !== undefined || isOver;
  }

  /** Changes what this device keeps about itself. */
  async keep(change: Partial<SelfRecord>): Promise<void> {
    const next = { ...this.#record, ...change };
    await this.#deps.vault.write([{ key: 'self', value: next }]);
    this.#record = next;
    this.#deps.onChange();
  }

  /** Something of ours is to be sent. */
  ring(): void {
    this.#rounds.ring();
  }

  /** Resolves when the box has what was written into the mission, or cannot be reached now. */
  delivered(): Promise<void> {
    return this.#rounds.delivered();
  }

  /** Rounds with the box until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const stopWatching = this.#deps.platform.onHide?.(() => void this.boards.keepAll());
    const running = Promise.all([this.#rounds.run(signal), this.files.run(signal)]);
    // Nothing else may happen that would show the mission to somebody who waits for its words.
    await this.#deps.platform.clock.wait(wordsWithinMs + 1, signal);
    this.#deps.onChange();
    await running;
    stopWatching?.();
  }

  /** Ends calls while there is a link, and keeps what was drawn. */
  async stop(): Promise<void> {
    await this.calls.stop();
    await this.boards.stop();
  }

  async #tend(): Promise<void> {
    if (!this.swarm.isKnown) return;
    const { state } = this.swarm.replica.view();
    this.#compareBox(recordedBox(state));
    await this.#learnCharter(state.genesis);
    await this.chores.run();
    await this.files.tend();
  }

  /**
   * A1: the mission itself names its box; a code on a wall that named another was a trap. Where
   * its leads disagree nothing but the own code counts, and people hear of it, once an opening.
   */
  #compareBox(recorded: string | undefined): void {
    if (recorded === contested) {
      if (!this.#saidContested) this.#deps.onProblem(problem('BOX_CONTESTED'));
      this.#saidContested = true;
      return;
    }
    const key = recorded === undefined ? undefined : fromB64u(recorded, 32);
    if (key && !equal(boxKeyHash(key), this.#boxHash())) throw problem('BOX_OTHER_KEY');
  }

  /** The charter's words come sealed in a room; only those whose hash the genesis has count. */
  async #learnCharter(genesis: MissionState['genesis']): Promise<void> {
    if (this.#record.names !== undefined) return;
    const told = this.rooms.all().flatMap(({ reader }) => reader.read().charters);
    const claim = told.find(({ text }) => readNames(text, genesis.d.charter).ok);
    if (!claim) return;
    const claimed = claim.compared ?? [];
    const compared = await trueComparisons(this.#deps.engine, genesis, claimed);
    await this.keep({ names: claim.text, compared });
  }

  async #checkBox(signal: AbortSignal): Promise<void> {
    if (this.#boxKey) return;
    const { key } = await this.#door.box(signal);
    if (!equal(boxKeyHash(key), this.#boxHash())) throw problem('BOX_OTHER_KEY');
    this.#boxKey = key;
  }

  #boxHash(): Uint8Array {
    return fromB64u(this.#record.box, 32) ?? new Uint8Array(32);
  }

  #words(): { mission: string; party: string } {
    const { state } = this.swarm.replica.view();
    const charter = charterOfMission(state, this.#record);
    const slot = state.parties.get(this.#record.party)?.slot;
    const party = charter.parties.find((one) => one.slot === slot);
    return { mission: charter.name, party: party?.name ?? this.#record.partyName };
  }
}
