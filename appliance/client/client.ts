import type { BoardView, FileSource } from './call-model.ts';
import { Commands } from './commands.ts';
import { cleaned, written } from './input.ts';
import { boardView, messagesKey, messagesOf } from './mission-view.ts';
import { LinkingFace } from './linking/linking-face.ts';
import type {
  ClientView,
  InvitationView,
  MessageView,
  MissionDraft,
  ParleyClient,
} from './model.ts';
import type { Platform } from './ports.ts';
import { problem, shown } from './problem.ts';
import { retire } from './retiring.ts';
import type { OpenRoom } from './rooms.ts';
import { Snapshot } from './snapshot.ts';
import { Stages } from './stages.ts';

/** The client engine: one device, from its first page to its mission. */
export class Client extends LinkingFace implements ParleyClient {
  readonly #platform: Platform;
  readonly #snapshot = new Snapshot();
  readonly #messages = new Map<string, { key: string; value: readonly MessageView[] }>();
  protected readonly commands = new Commands(() => this.#stages);
  #stages: Stages | undefined;

  constructor(platform: Platform) {
    super();
    this.#platform = platform;
  }

  view(): ClientView {
    return this.#snapshot.view();
  }

  subscribe(listener: () => void): () => void {
    return this.#snapshot.subscribe(listener);
  }

  messages(cid: string): readonly MessageView[] {
    const moment = this.#stages?.mission?.moment();
    const open = this.#stages?.mission?.rooms.get(cid);
    const key = moment && open?.room.swarm.isKnown ? messagesKey(moment, open) : '';
    const known = this.#messages.get(cid);
    if (known?.key === key) return known.value;
    const value = moment && open && key !== '' ? messagesOf(moment, open) : [];
    this.#messages.set(cid, { key, value });
    return value;
  }

  async start(): Promise<void> {
    if (this.#stages) return;
    const { place, storage } = this.#platform;
    if (!(await place.take())) {
      this.#snapshot.change({ stage: 'elsewhere' });
      return;
    }
    try {
      await storage.open();
      this.#stages = new Stages(this.#platform, await this.#platform.engine(), this.#snapshot);
      await this.#stages.open();
    } catch (error) {
      this.#snapshot.change({ problem: shown(error).problem });
      throw shown(error);
    }
  }

  async stop(): Promise<void> {
    const stages = this.#stages;
    if (!stages) return;
    this.#stages = undefined;
    await stages.stop();
    await this.#platform.storage.close();
    this.#platform.place.leave();
  }

  enter(code: string): Promise<void> {
    return this.commands.run((stages) => stages.enter(code));
  }

  propose(draft: MissionDraft, startOver = false): Promise<void> {
    return this.commands.run((stages) => stages.propose(draft, startOver));
  }

  takeParty(slot: number, displayName: string): Promise<void> {
    return this.commands.run((stages) =>
      needed(stages.founding).takeParty(slot, cleaned(displayName), stages.signal),
    );
  }

  compareCode(matches: boolean): Promise<void> {
    return this.commands.run((stages) => needed(stages.founding).compare(matches, stages.signal));
  }

  signCharter(): Promise<void> {
    return this.commands.run((stages) => needed(stages.founding).sign(stages.signal));
  }

  leaveFounding(): Promise<void> {
    return this.commands.run((stages) => stages.leave());
  }

  join(displayName: string): Promise<void> {
    return this.commands.run((stages) => stages.join(cleaned(displayName)));
  }

  leaveJoining(): Promise<void> {
    return this.commands.run((stages) => stages.leave());
  }

  invite(kind: 'person' | 'open', uses: number): Promise<InvitationView> {
    return this.commands.inMission(async (mission) => {
      const made = await mission.invitations.make(kind, uses);
      // A code that is shown before the box has heard of it would be refused as unknown.
      await mission.delivered();
      return made;
    });
  }

  stopInvitation(id: string): Promise<void> {
    return this.commands.inMission(async (mission) => {
      await mission.invitations.stop(id);
      await mission.delivered();
    });
  }

  answerClaim(id: string, admit: boolean): Promise<void> {
    return this.commands.inMission(({ invitations }, { signal }) =>
      invitations.answer(id, admit, signal),
    );
  }

  createConversation(title: string): Promise<string> {
    return this.commands.inMission(async ({ chores }) => {
      const { room } = await chores.createRoom(cleaned(title));
      return room.cid;
    });
  }

  rename(cid: string, title: string): Promise<void> {
    return this.commands.inRoom(cid, ({ room }) => room.rename(cleaned(title)));
  }

  setDisplayName(name: string): Promise<void> {
    const namedMs = this.#platform.clock.now();
    return this.commands.inMission((mission) =>
      mission.keep({ displayName: cleaned(name), namedMs }),
    );
  }

  send(cid: string, text: string, replyTo?: string): Promise<void> {
    return this.commands.inRoom(cid, async ({ room }) => {
      const re = replyTo === undefined ? {} : { re: replyTo };
      await room.say('text/plain', { body: written(text), ...re });
    });
  }

  edit(cid: string, sid: string, text: string): Promise<void> {
    return this.commands.inRoom(cid, async (open, { self }) => {
      checkOwn(open, sid, self.mfp);
      await open.room.say('edit', { of: sid, body: written(text) });
    });
  }

  erase(cid: string, sid: string): Promise<void> {
    return this.commands.inRoom(cid, async (open, { self }) => {
      checkOwn(open, sid, self.mfp);
      await open.room.say('delete', { of: sid });
    });
  }

  react(cid: string, sid: string, emoji: string): Promise<void> {
    return this.commands.inRoom(cid, async ({ room, reader }, { self }) => {
      const mine = reader.reactionOf(sid, self.mfp, emoji);
      if (mine === undefined) await room.say('reaction', { to: sid, body: emoji });
      else await room.say('delete', { of: mine });
    });
  }

  /** This device leaves the mission for good; resolves when the box has heard of it, or is away. */
  retire(): Promise<void> {
    return this.commands.inMission(async (mission) => {
      await retire(mission, this.#platform.clock.now());
      await mission.delivered();
    });
  }

  markRead(cid: string): Promise<void> {
    return this.commands.run(async ({ mission }) => {
      const open = mission?.rooms.get(cid);
      await open?.reading.mark(open.room.swarm.replica.heads.map(({ sid }) => sid));
    });
  }

  call(cid: string, person: string, withVideo: boolean): Promise<void> {
    return this.commands.inside(({ calls }) => calls.call(cid, person, withVideo));
  }

  confer(cid: string): Promise<void> {
    return this.commands.inside(({ calls }) => calls.confer(cid));
  }

  joinCall(withVideo: boolean): Promise<void> {
    return this.commands.inside(({ calls }) => calls.join(withVideo));
  }

  declineCall(): Promise<void> {
    return this.commands.inside(({ calls }) => calls.decline());
  }

  leaveCall(): Promise<void> {
    return this.commands.inside(({ calls }) => calls.leave());
  }

  setMicrophone(on: boolean): Promise<void> {
    return this.commands.inside(({ calls }) => calls.set('microphone', on));
  }

  setCamera(on: boolean): Promise<void> {
    return this.commands.inside(({ calls }) => calls.set('camera', on));
  }

  setScreen(on: boolean): Promise<void> {
    return this.commands.inside(({ calls }) => calls.set('screen', on));
  }

  chooseDevice(kind: 'microphone' | 'camera', id: string): Promise<void> {
    return this.commands.inside(({ calls }) => calls.choose(kind, id));
  }

  stream(device: string, kind: 'camera' | 'screen'): unknown {
    return this.#stages?.mission?.calls.stream(device, kind);
  }

  dismissCall(): void {
    this.#stages?.mission?.calls.dismiss();
  }

  setThroughBox(on: boolean): Promise<void> {
    return this.commands.inside(({ calls }) => calls.setThroughBox(on));
  }

  sendFile(cid: string, file: FileSource): Promise<void> {
    return this.commands.inRoom(cid, (_, { files }) => files.send(cid, file));
  }

  pauseFile(sid: string): Promise<void> {
    return this.commands.inside(({ files }) => files.pause(sid));
  }

  fetchFile(sid: string): Promise<void> {
    return this.commands.inside(({ files }) => files.fetch(sid));
  }

  openFile(sid: string): Promise<unknown> {
    return this.commands.inside(({ files }) => files.openFile(sid));
  }

  removeFile(sid: string): Promise<void> {
    return this.commands.inside(({ files }) => files.remove(sid));
  }

  openBoard(cid: string): Promise<string> {
    return this.commands.inside(({ boards }) => boards.open(cid));
  }

  board(id: string): BoardView | undefined {
    const mission = this.#stages?.mission;
    const moment = mission?.moment();
    return mission && moment && boardView(moment, mission.boards, id);
  }

  draw(id: string, elements: readonly string[]): Promise<void> {
    return this.commands.inside(({ boards }) => boards.draw(id, elements));
  }

  point(id: string, x: number, y: number): void {
    this.#stages?.mission?.boards.point(id, x, y);
  }

  closeBoard(id: string): Promise<void> {
    return this.commands.inMission(({ boards }) => boards.close(id));
  }

  dismissProblem(): void {
    this.#snapshot.change({ problem: undefined });
  }
}

function checkOwn({ reader }: OpenRoom, sid: string, me: string): void {
  const line = reader.read().lines.find((one) => one.sid === sid);
  if (!line) throw problem('MESSAGE_GONE');
  if (line.author !== me) throw problem('MESSAGE_FOREIGN');
}

function needed<T>(founding: T | undefined): T {
  if (founding === undefined) throw problem('FOUNDING_STEP');
  return founding;
}
