import { missionReplica } from '#protocol/admit/replica.ts';
import type { Engine } from '#protocol/ports.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import { ownKeys } from './archive/own-keys.ts';
import type { Boards } from './boards/boards.ts';
import { BoxTrust } from './box-trust.ts';
import { Calls } from './calls/calls.ts';
import { Chores } from './chores.ts';
import { Closing } from './closing/closing.ts';
import { OpenCarrier } from './exchange.ts';
import type { Files } from './files/files.ts';
import { addressesOnBox, unsentIn } from './files/on-box.ts';
import { Invitations } from './invitations.ts';
import { learnedCharter } from './learned-charter.ts';
import { Linking } from './linking/linking.ts';
import { ownDevices } from './linking/own-devices.ts';
import { LocalSwarm } from './local-swarm.ts';
import { charterOfMission, type Moment } from './mission-view.ts';
import type { ClientProblem, JoiningView, Link as LinkView } from './model.ts';
import { OpenDoor } from './open-door.ts';
import type { DeviceKeys, Platform } from './ports.ts';
import { Rooms } from './rooms.ts';
import { Rounds } from './rounds.ts';
import { selfOf, type Self, type SelfRecord } from './self.ts';
import { Session } from './session.ts';
import { SwarmDoor } from './swarm-door.ts';
import { sharing } from './sharing.ts';
import type { Vault } from './vault.ts';
import { Votes } from './votes/votes.ts';

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
  readonly votes: Votes;
  readonly closing: Closing;
  readonly linking: Linking;
  readonly #deps: MissionDeps;
  readonly #box: BoxTrust;
  readonly #rounds: Rounds;
  readonly #openedMs: number;
  #record: SelfRecord;

  private constructor(deps: MissionDeps, swarm: LocalSwarm<MissionState>, self: Self) {
    const { platform, engine, vault, record, onAside, onChange, onProblem } = deps;
    const { clock, network, storage, zlib } = platform;
    this.#deps = deps;
    this.#record = record;
    this.#openedMs = clock.now();
    this.self = self;
    this.swarm = swarm;
    const open = new OpenCarrier(network);
    this.#box = new BoxTrust(record.box, new OpenDoor(open), onProblem);
    const session = new Session({
      open,
      bindings: network.bindings,
      engine,
      signer: self.device.signer,
      dfp: self.dfp,
      cid: record.cid,
      boxKeyHash: this.#box.hash,
    });
    const door = new SwarmDoor(session);
    const mine = { clock, vault, self, mission: swarm, record: () => this.#record };
    const ring = (): void => {
      this.ring();
    };
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
      boxKey: () => this.#box.key,
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
    const { files, boards } = sharing({ ...lent, isClosed: () => this.closing.isClosed });
    this.files = files;
    this.boards = boards;
    this.votes = new Votes(mine);
    this.closing = new Closing({
      ...{ ...mine, ...lent, open, proven: session, box: record.box, files: platform.files },
      unsentFiles: () => unsentIn(files.records),
      filesOnBox: () => {
        const lines = rooms.all().flatMap(({ room }) => rooms.lines(room.cid));
        return addressesOnBox(files.records, lines, self.mfp);
      },
      onChange,
    });
    this.linking = new Linking({
      ...{ ...mine, engine, open, proven: session, onChange, onProblem },
      keys: () => ownKeys(this),
      delivered: () => this.delivered(),
    });
    this.#rounds = new Rounds({
      clock,
      network,
      zlib,
      session,
      door,
      dfp: self.dfp,
      mission: swarm,
      rooms: this.rooms,
      checkBox: (signal) => this.#box.check(signal),
      tend: () => this.#tend(),
      visit: async (signal) => {
        await this.closing.visit(signal);
        const isAsked = this.invitations.hasOpen && !this.closing.isClosed;
        if (isAsked) await this.invitations.claims.refresh(signal);
        await this.calls.visit(signal);
      },
      end: this.closing,
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
    await mission.closing.open();
    await mission.boards.recover();
    return mission;
  }

  get engine(): Engine {
    return this.#deps.engine;
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
      votes: this.votes,
      closing: this.closing,
      linking: this.linking.view(),
      devices: ownDevices(this.swarm, this.rooms.all(), this.self),
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
    // Of a mission that was wiped nobody is asked any more.
    const rounds = this.closing.certificate.isHere ? undefined : this.#rounds.run(signal);
    const running = Promise.all([rounds, this.files.run(signal), this.closing.run(signal)]);
    // Nothing else may happen that would show the mission to somebody who waits for its words.
    await this.#deps.platform.clock.wait(wordsWithinMs + 1, signal);
    this.#deps.onChange();
    await running;
    stopWatching?.();
  }

  /** Ends calls while there is a link, and keeps what was drawn. */
  async stop(): Promise<void> {
    this.linking.stop();
    await this.closing.stop();
    await this.calls.stop();
    await this.boards.stop();
  }

  async #tend(): Promise<void> {
    if (!this.swarm.isKnown) return;
    const { state } = this.swarm.replica.view();
    this.#box.compare(state);
    if (this.#record.names === undefined) {
      const learned = await learnedCharter(this.engine, state.genesis, this.rooms.all());
      if (learned) await this.keep(learned);
    }
    await this.chores.run();
    await this.votes.tend();
    await this.files.tend();
    await this.closing.tend();
  }

  #words(): { mission: string; party: string } {
    const { state } = this.swarm.replica.view();
    const charter = charterOfMission(state, this.#record);
    const slot = state.parties.get(this.#record.party)?.slot;
    const party = charter.parties.find((one) => one.slot === slot);
    return { mission: charter.name, party: party?.name ?? this.#record.partyName };
  }
}
