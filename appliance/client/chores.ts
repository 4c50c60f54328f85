import { toB64u } from '#protocol/codec/text-form.ts';
import { devicesWithoutKey } from '#protocol/keys/rotation.ts';
import { isInside, statusOf } from '#protocol/state/child-state.ts';
import {
  isFounded,
  isMemberEffective,
  leadsOf,
  recordedBox,
  type MissionState,
} from '#protocol/state/mission-state.ts';
import { charterOf } from '#protocol/state/rules.ts';
import type { LocalSwarm } from './local-swarm.ts';
import { minuteOf } from './room.ts';
import type { Clock } from './ports.ts';
import type { OpenRoom, Rooms } from './rooms.ts';
import type { Self, SelfRecord } from './self.ts';
import type { Vault } from './vault.ts';

export interface ChoresDeps {
  clock: Clock;
  vault: Vault;
  self: Self;
  mission: LocalSwarm<MissionState>;
  rooms: Rooms;
  record(): SelfRecord;
  /** Changes what this device keeps about itself. */
  keep(change: Partial<SelfRecord>): Promise<void>;
  /** The key that the box proved to have. */
  boxKey(): Uint8Array | undefined;
}

/** Title of the room that every mission begins with; its members may change it. */
const firstTitle = 'All parties';

/**
 * What a device does by itself whenever it learned something: each chore looks at what is and
 * does what is missing, so that one cut short by a crash is finished by the next round.
 */
export class Chores {
  readonly #deps: ChoresDeps;

  constructor(deps: ChoresDeps) {
    this.#deps = deps;
  }

  async run(): Promise<void> {
    // A closed mission takes nothing of all this any more (R15).
    if (!this.#deps.mission.isKnown || this.#state().closed.length > 0) return;
    await this.#recordBox();
    await this.#openFirstRoom();
    for (const open of this.#deps.rooms.all()) {
      if (open.room.swarm.isKnown && !open.room.swarm.fault) await this.#tend(open);
    }
    await this.#beginReading();
  }

  /** What there was when a further device of a person was linked is not news on it. */
  async #beginReading(): Promise<void> {
    const { rooms, vault } = this.#deps;
    if ((await vault.get('linked')) === undefined || rooms.all().length === 0) return;
    for (const { reading, room } of rooms.all()) {
      if (room.swarm.isKnown) await reading.begin(room.swarm.replica.heads.map(({ sid }) => sid));
    }
    await vault.write([{ key: 'linked' }]);
  }

  /** The first party's founder records the box's key (A1). */
  async #recordBox(): Promise<void> {
    const { mission, self, clock } = this.#deps;
    const state = this.#state();
    const key = this.#deps.boxKey();
    const isRecorded = recordedBox(state) !== undefined;
    if (!this.#isFirstFounder(state) || !isFounded(state) || isRecorded || !key) return;
    const x = { bk: toB64u(key) };
    const proposal = { k: 'box', d: self.dfp, seconds: minuteOf(clock.now()), x };
    await mission.write(() => Promise.resolve({ proposal }));
  }

  /** The first party's founder opens the room of all parties, once. */
  async #openFirstRoom(): Promise<void> {
    const state = this.#state();
    const record = this.#deps.record();
    const isDue = this.#isFirstFounder(state) && recordedBox(state) !== undefined;
    if (!isDue || record.general !== undefined || this.#deps.rooms.all().length > 0) return;
    const { room } = await this.createRoom(firstTitle);
    await this.#deps.keep({ general: room.cid });
  }

  /** Begins a room of all parties; title, keys and people follow as chores. */
  async createRoom(title: string): Promise<OpenRoom> {
    const state = this.#state();
    const leads = [...state.parties.keys()].flatMap((party) => leadsOf(state, party));
    const opened = await this.#deps.rooms.create(
      {
        founders: [...new Set([...leads, this.#deps.self.mfp])].sort(),
        hist: charterOf(state).hist,
        mode: 1,
        parent: this.#deps.mission.cid,
        post: 'member',
        prof: 'member',
        unit: 'party',
      },
      (cid) => [{ key: `title/${cid}`, value: title }],
    );
    await this.#tend(opened);
    return opened;
  }

  async #tend(open: OpenRoom): Promise<void> {
    const { room, reading } = open;
    const { mfp } = this.#deps.self;
    if (room.statusOf(mfp) === 'invited') {
      await reading.begin(room.swarm.replica.heads.map(({ sid }) => sid));
      await room.join();
    }
    if (!isInside(room.statusOf(mfp))) return;
    await this.#giveTitle(open);
    if (!room.hasKey) return;
    await this.#invitePeople(open);
    await this.#shareKeys(open);
    await this.#introduce(open);
  }

  async #giveTitle({ room }: OpenRoom): Promise<void> {
    const key = `title/${room.cid}`;
    const title = await this.#deps.vault.get<string>(key);
    if (title === undefined) return;
    if (room.swarm.replica.view().state.profiles.length === 0) await room.rename(title);
    await this.#deps.vault.write([{ key }]);
  }

  /** Admins bring in everybody they answer for; people who left are not called back. */
  async #invitePeople({ room }: OpenRoom): Promise<void> {
    const { state, mission } = room.swarm.replica.view();
    const { mfp } = this.#deps.self;
    if (state.genesis.mode !== 1 || statusOf(state, mission, mfp) !== 'admin') return;
    const latest = this.#state();
    for (const member of latest.members.keys()) {
      const isNew = !state.people.has(member) && isMemberEffective(latest, member);
      if (isNew && this.#answersFor(room.swarm.replica.order().shown[0]?.author.member, member)) {
        await room.add(member);
      }
    }
  }

  async #shareKeys({ room }: OpenRoom): Promise<void> {
    const { state, mission } = room.swarm.replica.view();
    const creator = room.swarm.replica.order().shown[0]?.author.member;
    for (const device of devicesWithoutKey(state, mission)) {
      const member = mission.devices.get(device)?.member;
      if (member !== undefined && this.#answersFor(creator, member)) await room.share(device);
    }
  }

  /**
   * Tells the own name, and the charter's words in the room that everybody is in. Where newcomers
   * cannot read the past, these and the title are told again under each new key.
   */
  async #introduce({ room, reader }: OpenRoom): Promise<void> {
    await this.#adoptName(reader);
    const { compared = [], displayName, general, names } = this.#deps.record();
    const { mfp, dfp } = this.#deps.self;
    const { replica } = room.swarm;
    const { genesis, newest, epochs, profiles } = replica.view().state;
    const isRead = (epoch: string): boolean =>
      genesis.hist === 'all' || newest.every((eid) => eid === epoch);
    const { names: told, charters, title } = reader.read();
    const own = told.get(mfp);
    if (own?.name !== displayName || !isRead(own.epoch)) {
      await room.say('member-profile', { name: displayName });
    }
    // Whoever changed the key tells charter and title again, so that each is told once.
    const authors = newest.map((eid) => replica.op(epochs.get(eid)?.by ?? '')?.author.device);
    const changedKey = authors.includes(dfp);
    if (changedKey && title !== undefined && !profiles.some(({ epoch }) => isRead(epoch))) {
      await room.rename(title);
    }
    const isMine = charters.length > 0 ? changedKey : general === room.cid;
    const isTold = charters.some(({ text, epoch }) => text === names && isRead(epoch));
    if (isMine && names !== undefined && !isTold) {
      await room.say('mission-names', { text: names, compared: compared.map((one) => [...one]) });
    }
  }

  /** The name that the person gave later, on another device of theirs: else the two would argue. */
  async #adoptName(reader: OpenRoom['reader']): Promise<void> {
    const { keep, record, self } = this.#deps;
    const own = reader.read().names.get(self.mfp);
    const { displayName, namedMs = 0 } = record();
    if (!own || own.device === self.dfp || own.name === displayName) return;
    if (own.atMs > namedMs) await keep({ displayName: own.name, namedMs: own.atMs });
  }

  /** One's own party's people; and all, in a room that one began. */
  #answersFor(creator: string | undefined, member: string): boolean {
    const { mfp } = this.#deps.self;
    const { members } = this.#state();
    return creator === mfp || members.get(member)?.party === members.get(mfp)?.party;
  }

  #isFirstFounder(state: MissionState): boolean {
    return [...state.parties.values()].some(
      ({ slot, device }) => slot === 0 && device === this.#deps.self.dfp,
    );
  }

  #state(): MissionState {
    return this.#deps.mission.replica.view().state;
  }
}
