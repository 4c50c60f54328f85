import { toB64u } from '#protocol/codec/text-form.ts';
import { readCode, type JoinCode } from '#protocol/mission/code.ts';
import type { Engine } from '#protocol/ports.ts';
import { Arrivals } from './arrivals.ts';
import { OpenCarrier } from './exchange.ts';
import { Founding, type FoundingDeps } from './founding.ts';
import type { FoundingRecord } from './founding-record.ts';
import { enterFounding, genesisOf, makeFound, proposeFounding, settle } from './founding-start.ts';
import { Joining, type JoiningRecord } from './joining.ts';
import { messagesOf, missionView } from './mission-view.ts';
import { Mission } from './mission.ts';
import type {
  ClientView,
  InvitationView,
  MessageView,
  MissionDraft,
  ParleyClient,
} from './model.ts';
import { OpenDoor } from './open-door.ts';
import type { DeviceKeys, Platform } from './ports.ts';
import { problem, shown } from './problem.ts';
import type { OpenRoom } from './rooms.ts';
import type { SelfRecord } from './self.ts';
import { Snapshot } from './snapshot.ts';
import { Vault } from './vault.ts';

/** Longest name or title, in characters. */
const longestName = 64;

/** The client engine: one device, from its first page to its mission. */
export class Client implements ParleyClient {
  readonly #platform: Platform;
  readonly #snapshot = new Snapshot();
  readonly #door: OpenDoor;
  readonly #arrivals: Arrivals;
  readonly #vault: Vault;
  #engine: Engine | undefined;
  #founding: Founding | undefined;
  #joining: Joining | undefined;
  #mission: Mission | undefined;
  readonly #messages = new Map<string, { of: object; at: string; value: readonly MessageView[] }>();
  /** Ends with the engine, and with each change of stage. */
  #whole = new AbortController();
  #stage = new AbortController();
  #running: Promise<void>[] = [];

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#door = new OpenDoor(new OpenCarrier(platform.network));
    this.#arrivals = new Arrivals(this.#door, platform.clock);
    this.#vault = new Vault(platform.storage.records, platform.keys);
  }

  view(): ClientView {
    return this.#snapshot.view();
  }

  subscribe(listener: () => void): () => void {
    return this.#snapshot.subscribe(listener);
  }

  messages(cid: string): readonly MessageView[] {
    const moment = this.#mission?.moment();
    const open = this.#mission?.rooms.get(cid);
    if (!moment || !open) return [];
    const of = this.#snapshot.view();
    const known = this.#messages.get(cid);
    if (known?.of === of) return known.value;
    const made = messagesOf(moment, open);
    const at = JSON.stringify(made);
    const value = known?.at === at ? known.value : made;
    this.#messages.set(cid, { of, at, value });
    return value;
  }

  async start(): Promise<void> {
    const { keys, place, storage } = this.#platform;
    this.#whole = new AbortController();
    if (!(await place.take())) {
      this.#snapshot.change({ stage: 'elsewhere' });
      return;
    }
    await storage.open();
    this.#engine = await this.#platform.engine();
    const self = await this.#vault.get<SelfRecord>('self');
    const founding = await this.#vault.get<FoundingRecord>('founding');
    const joining = await this.#vault.get<JoiningRecord>('joining');
    if (self) await this.#beMember(self);
    else if (founding) this.#found(founding);
    else if (joining) this.#join(new Joining(this.#joiningDeps(), { record: joining }));
    else this.#welcome();
    void keys;
  }

  async stop(): Promise<void> {
    this.#whole.abort();
    this.#stage.abort();
    await Promise.allSettled(this.#running);
    this.#running = [];
    await this.#platform.storage.close();
    this.#platform.place.leave();
  }

  enter(code: string): Promise<void> {
    return this.#command(async () => {
      const read = readCode(code);
      if (!read.ok) throw problem('CODE_UNREADABLE', new Error(read.why));
      await this.#enter(read.value);
    });
  }

  propose(draft: MissionDraft): Promise<void> {
    return this.#command(async () => {
      if (this.#mission || this.#founding || this.#joining) throw problem('FOUNDING_STEP');
      const { signal } = this.#whole;
      const box = await this.#arrivals.boxHash(signal);
      const record = await proposeFounding(this.#needEngine(), this.#door, box, draft, signal);
      await this.#vault.write([{ key: 'founding', value: record }]);
      this.#found(record);
    });
  }

  takeParty(slot: number, displayName: string): Promise<void> {
    return this.#command(async () => {
      await this.#needFounding().takeParty(slot, cleaned(displayName), this.#whole.signal);
    });
  }

  compareCode(matches: boolean): Promise<void> {
    return this.#command(() => this.#needFounding().compare(matches, this.#whole.signal));
  }

  signCharter(): Promise<void> {
    return this.#command(() => this.#needFounding().sign(this.#whole.signal));
  }

  leaveFounding(): Promise<void> {
    return this.#command(async () => {
      await this.#needFounding().leave(this.#whole.signal);
      await this.#forget();
    });
  }

  join(displayName: string): Promise<void> {
    return this.#command(async () => {
      const joining = this.#joining;
      if (!joining) throw problem('NOT_IN_MISSION');
      await joining.join(cleaned(displayName));
      this.#run(joining.run(this.#stage.signal));
    });
  }

  leaveJoining(): Promise<void> {
    return this.#command(async () => {
      if (this.#joining) await this.#forget();
    });
  }

  invite(kind: 'person' | 'open', uses: number): Promise<InvitationView> {
    return this.#inMission((mission) => mission.invitations.make(kind, uses));
  }

  async stopInvitation(id: string): Promise<void> {
    await this.#inMission((mission) => mission.invitations.stop(id));
  }

  async answerClaim(id: string, admit: boolean): Promise<void> {
    await this.#inMission((mission) => mission.invitations.answer(id, admit, this.#whole.signal));
  }

  createConversation(title: string): Promise<string> {
    return this.#inMission(async (mission) => {
      const { room } = await mission.chores.createRoom(cleaned(title));
      return room.cid;
    });
  }

  async rename(cid: string, title: string): Promise<void> {
    await this.#inRoom(cid, ({ room }) => room.rename(cleaned(title)));
  }

  async setDisplayName(name: string): Promise<void> {
    await this.#inMission((mission) => mission.keep({ displayName: cleaned(name) }));
  }

  async send(cid: string, text: string, replyTo?: string): Promise<void> {
    await this.#inRoom(cid, ({ room }) =>
      room.say('text/plain', {
        body: written(text),
        ...(replyTo !== undefined && { re: replyTo }),
      }),
    );
  }

  async edit(cid: string, sid: string, text: string): Promise<void> {
    await this.#inRoom(cid, async (open) => {
      this.#checkOwn(open, sid);
      await open.room.say('edit', { of: sid, body: written(text) });
    });
  }

  async erase(cid: string, sid: string): Promise<void> {
    await this.#inRoom(cid, async (open) => {
      this.#checkOwn(open, sid);
      await open.room.say('delete', { of: sid });
    });
  }

  async react(cid: string, sid: string, emoji: string): Promise<void> {
    await this.#inRoom(cid, async ({ room, reader }) => {
      const me = this.#mission?.self.mfp ?? '';
      const mine = reader.reactionOf(sid, me, emoji);
      if (mine === undefined) await room.say('reaction', { to: sid, body: emoji });
      else await room.say('delete', { of: mine });
    });
  }

  async markRead(cid: string): Promise<void> {
    const open = this.#mission?.rooms.get(cid);
    if (!open) return;
    await open.reading.mark(open.room.swarm.replica.heads.map(({ sid }) => sid));
    this.#refresh();
  }

  dismissProblem(): void {
    this.#snapshot.change({ problem: undefined });
  }

  async #enter(code: JoinCode): Promise<void> {
    const { signal } = this.#whole;
    const self = this.#mission?.record;
    if (code.kind === 'ticket' && self?.cid === code.cid) return;
    if (self) {
      if (code.kind === 'box' && toB64u(code.box) === self.box) return;
      throw problem('CODE_OTHER_MISSION');
    }
    await this.#arrivals.expect(code.box, signal);
    if (code.kind === 'box') return;
    if (this.#founding) {
      if (code.kind === 'founding' && this.#founding.isOf(code.foundingKey)) return;
      throw problem('CODE_OTHER_MISSION');
    }
    if (code.kind === 'founding') {
      const record = await enterFounding(this.#door, code, signal);
      await this.#vault.write([{ key: 'founding', value: record }]);
      this.#found(record);
    } else {
      this.#join(new Joining(this.#joiningDeps(), { code }));
    }
  }

  #welcome(): void {
    this.#changeStage();
    this.#snapshot.change({
      stage: 'welcome',
      founding: undefined,
      joining: undefined,
      mission: undefined,
    });
    this.#run(this.#watchBox());
  }

  #watchBox(): Promise<void> {
    return this.#arrivals.watch((told) => {
      this.#snapshot.change(told);
    }, this.#stage.signal);
  }

  #found(record: FoundingRecord): void {
    this.#changeStage();
    const engine = this.#needEngine();
    const { clock, network, storage } = this.#platform;
    const deps: FoundingDeps = {
      engine,
      clock,
      vault: this.#vault,
      door: this.#door,
      origin: network.origin,
      device: () => this.#device(),
      makeFound: async (founded, mine) =>
        makeFound(engine, clock, await this.#device(), founded, mine),
      cidOf: (founded) => genesisOf(founded).cid,
      onChange: () => {
        this.#refresh();
      },
      onFounded: async (founded, ceremony, kept) => {
        const device = await this.#device();
        const on = { engine, storage, vault: this.#vault, device };
        const self = await settle(on, kept, founded, ceremony);
        await this.#beMember(self);
      },
    };
    const founding = new Founding(deps, record);
    this.#founding = founding;
    this.#refresh();
    this.#run(founding.run(this.#stage.signal));
    this.#run(this.#watchBox());
  }

  #join(joining: Joining): void {
    this.#changeStage();
    this.#joining = joining;
    this.#refresh();
    this.#run(joining.run(this.#stage.signal));
    this.#run(this.#watchBox());
  }

  #joiningDeps() {
    const { clock } = this.#platform;
    return {
      engine: this.#needEngine(),
      clock,
      vault: this.#vault,
      door: this.#door,
      device: () => this.#device(),
      onChange: () => {
        this.#refresh();
      },
      onAdmitted: async (self: SelfRecord) => {
        await this.#vault.write([{ key: 'self', value: self }, { key: 'joining' }]);
        await this.#beMember(self);
      },
    };
  }

  async #beMember(record: SelfRecord): Promise<void> {
    const mission = await Mission.open({
      platform: this.#platform,
      engine: this.#needEngine(),
      vault: this.#vault,
      device: await this.#device(),
      record,
      onChange: () => {
        this.#refresh();
      },
      onLink: (link) => {
        this.#snapshot.change({ link });
      },
      onProblem: (told) => {
        this.#snapshot.change({ problem: told.problem });
      },
    });
    const joining = this.#joining;
    this.#changeStage();
    // Until the first room is here, somebody who just joined still sees that.
    this.#joining = joining;
    this.#mission = mission;
    this.#snapshot.change({ box: { hasMission: true, hasFounding: false } });
    this.#refresh();
    this.#run(mission.run(this.#stage.signal));
  }

  /** Draws the view of the present stage. */
  #refresh(): void {
    const moment = this.#mission?.moment();
    if (this.#mission) {
      const isArriving = this.#joining && (!moment || this.#mission.record.names === undefined);
      if (isArriving || !moment) {
        const joining = this.#joining?.view() ?? this.#mission.arriving();
        this.#snapshot.change({ stage: 'joining', joining });
        return;
      }
      this.#joining = undefined;
      this.#snapshot.change({
        stage: 'mission',
        mission: missionView(moment),
        founding: undefined,
        joining: undefined,
      });
    } else if (this.#founding) {
      this.#snapshot.change({ stage: 'founding', founding: this.#founding.view() });
    } else if (this.#joining) {
      this.#snapshot.change({ stage: 'joining', joining: this.#joining.view() });
    }
  }

  /** Ends what runs for the stage before. */
  #changeStage(): void {
    this.#stage.abort();
    this.#stage = new AbortController();
    this.#founding = undefined;
    this.#joining = undefined;
  }

  /** Back to welcome, with nothing left: keys of an ended founding serve nothing else. */
  async #forget(): Promise<void> {
    this.#changeStage();
    await this.#vault.clear('');
    await this.#platform.keys.forget();
    this.#welcome();
  }

  #run(loop: Promise<void>): void {
    const running = loop.catch((error: unknown) => {
      if (!this.#whole.signal.aborted) {
        this.#snapshot.change({ problem: shown(error).problem });
      }
    });
    this.#running.push(running);
  }

  async #device(): Promise<DeviceKeys> {
    const device = await this.#platform.keys.device(true);
    if (!device) throw problem('STORAGE_FAILED');
    return device;
  }

  #needEngine(): Engine {
    if (!this.#engine) throw problem('STORAGE_FAILED', new Error('not started'));
    return this.#engine;
  }

  #needFounding(): Founding {
    if (!this.#founding) throw problem('FOUNDING_STEP');
    return this.#founding;
  }

  async #command<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw shown(error);
    } finally {
      this.#refresh();
    }
  }

  #inMission<T>(work: (mission: Mission) => Promise<T>): Promise<T> {
    return this.#command(async () => {
      const mission = this.#mission;
      if (!mission) throw problem('NOT_IN_MISSION');
      const result = await work(mission);
      mission.ring();
      return result;
    });
  }

  #inRoom(cid: string, work: (open: OpenRoom) => Promise<unknown>): Promise<void> {
    return this.#inMission(async (mission) => {
      const open = mission.rooms.get(cid);
      if (!open?.room.swarm.isKnown) throw problem('NO_CONVERSATION');
      await work(open);
    });
  }

  #checkOwn({ reader }: OpenRoom, sid: string): void {
    const line = reader.read().lines.find((one) => one.sid === sid);
    if (!line) throw problem('MESSAGE_GONE');
    if (line.author !== this.#mission?.self.mfp) throw problem('MESSAGE_FOREIGN');
  }
}

function cleaned(name: string): string {
  const text = name.trim();
  if (text === '' || text.length > longestName) throw problem('NAME_EMPTY');
  return text;
}

function written(text: string): string {
  if (text.trim() === '') throw problem('TEXT_EMPTY');
  if (new TextEncoder().encode(text).length > 16_384) throw problem('TEXT_TOO_LONG');
  return text;
}
