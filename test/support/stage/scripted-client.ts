import type { BoardView, CallView, FileSource } from '#client/call-model.ts';
import type {
  ClientProblem,
  ClientView,
  InvitationView,
  MessageView,
  MissionDraft,
  ParleyClient,
} from '#client/model.ts';
import { searchOver } from '#client/search/finder.ts';
import { ScriptedLinking } from './scripted-linking.ts';

/** A snapshot and its messages, as a scene sets them. */
export interface Scene {
  view: ClientView;
  messages?: Readonly<Record<string, readonly MessageView[]>>;
  board?: BoardView;
  /** What `stream` hands out. */
  stream?: (device: string, kind: 'camera' | 'screen') => unknown;
  /** Route the scene is seen at. */
  route?: string;
}

const none: readonly MessageView[] = [];

/**
 * Stands in for the engine when screens are looked at or tested alone: it shows
 * what a scene sets, changes it as a person expects, and keeps a list of the
 * commands it got. It checks and signs nothing. Votes and the end are in
 * `ScriptedClosing`, one's own devices in `ScriptedLinking`.
 */
export class ScriptedClient extends ScriptedLinking implements ParleyClient {
  readonly commands: (readonly unknown[])[] = [];
  readonly search = searchOver(this);
  /** The next command is refused with this. */
  refuseNext: ClientProblem | undefined;
  readonly #scene: Scene;
  #view: ClientView;
  #board: BoardView | undefined;
  #messages: Map<string, readonly MessageView[]>;
  readonly #listeners = new Set<() => void>();

  constructor(scene: Scene) {
    super();
    this.#scene = scene;
    this.#view = scene.view;
    this.#board = scene.board;
    this.#messages = new Map(Object.entries(scene.messages ?? {}));
  }

  view(): ClientView {
    return this.#view;
  }
  messages(cid: string): readonly MessageView[] {
    return this.#messages.get(cid) ?? none;
  }
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  /** Changes the snapshot as an event from outside would. */
  show(change: Partial<ClientView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
  /** Adds a message as if it came from somebody. */
  arrive(cid: string, message: MessageView): void {
    this.#messages.set(cid, [...this.messages(cid), message]);
    this.show({});
  }

  start(): Promise<void> {
    return this.note('start');
  }
  stop(): Promise<void> {
    return this.note('stop');
  }
  enter(code: string): Promise<void> {
    return this.note('enter', code);
  }
  async propose(draft: MissionDraft, startOver = false): Promise<void> {
    await this.note('propose', draft, ...(startOver ? ['startOver'] : []));
    const parties = draft.parties.map((party, slot) => ({ ...party, slot }));
    this.show({
      stage: 'founding',
      founding: {
        charter: { ...draft, parties },
        step: 'party',
        taken: [],
        compared: [],
        signed: [],
        joinLink: 'https://192.0.2.1:8443/#/j/AQE',
      },
    });
  }
  async takeParty(slot: number, displayName: string): Promise<void> {
    await this.note('takeParty', slot, displayName);
    const { founding } = this.#view;
    if (founding)
      this.show({
        founding: {
          ...founding,
          step: 'gathering',
          mySlot: slot,
          taken: [...founding.taken, slot],
        },
      });
  }
  compareCode(matches: boolean): Promise<void> {
    return this.note('compareCode', matches);
  }
  signCharter(): Promise<void> {
    return this.note('signCharter');
  }
  async leaveFounding(): Promise<void> {
    await this.note('leaveFounding');
    this.show({ stage: 'welcome' });
  }
  join(displayName: string): Promise<void> {
    return this.note('join', displayName);
  }
  async leaveJoining(): Promise<void> {
    await this.note('leaveJoining');
    this.show({ stage: 'welcome' });
  }
  async invite(kind: 'person' | 'open', uses: number): Promise<InvitationView> {
    await this.note('invite', kind, uses);
    const link = `https://192.0.2.1:8443/#/j/${'AQIkR3tQ'.repeat(18)}`;
    const invitation = {
      id: `i${this.commands.length}`,
      kind,
      uses,
      used: 0,
      stopped: false,
      link,
    };
    const { mission } = this.#view;
    if (mission)
      this.show({ mission: { ...mission, invitations: [...mission.invitations, invitation] } });
    return invitation;
  }
  stopInvitation(id: string): Promise<void> {
    return this.note('stopInvitation', id);
  }
  answerClaim(id: string, admit: boolean): Promise<void> {
    return this.note('answerClaim', id, admit);
  }
  async createConversation(title: string): Promise<string> {
    await this.note('createConversation', title);
    const cid = `c${this.commands.length}`;
    const { mission } = this.#view;
    if (mission) {
      const made = { cid, title, memberCount: 1, unread: 0, history: 'all' as const };
      this.show({ mission: { ...mission, conversations: [...mission.conversations, made] } });
    }
    return cid;
  }
  rename(cid: string, title: string): Promise<void> {
    return this.note('rename', cid, title);
  }
  setDisplayName(name: string): Promise<void> {
    return this.note('setDisplayName', name);
  }
  async send(cid: string, text: string, replyTo?: string): Promise<void> {
    await this.note('send', cid, text, replyTo);
    const me = this.#view.mission?.me;
    this.arrive(cid, {
      sid: `m${this.commands.length}`,
      kind: 'text',
      author: me?.id ?? '',
      slot: me?.slot ?? 0,
      isMine: true,
      text,
      atMs: Date.now(),
      delivery: this.#view.link.state === 'linked' ? 'sent' : 'kept',
      isLate: false,
      isEdited: false,
      isDeleted: false,
      reactions: [],
    });
  }
  edit(cid: string, sid: string, text: string): Promise<void> {
    return this.note('edit', cid, sid, text);
  }
  erase(cid: string, sid: string): Promise<void> {
    return this.note('erase', cid, sid);
  }
  react(cid: string, sid: string, emoji: string): Promise<void> {
    return this.note('react', cid, sid, emoji);
  }
  markRead(cid: string): Promise<void> {
    return this.note('markRead', cid);
  }
  chooseDevice(kind: 'microphone' | 'camera', id: string): Promise<void> {
    return this.note('chooseDevice', kind, id);
  }
  call(cid: string, person: string, withVideo: boolean): Promise<void> {
    return this.note('call', cid, person, withVideo);
  }
  confer(cid: string): Promise<void> {
    return this.note('confer', cid);
  }
  async joinCall(withVideo: boolean): Promise<void> {
    await this.note('joinCall', withVideo);
    this.#changeCall({ step: 'on' });
  }
  async declineCall(): Promise<void> {
    await this.note('declineCall');
    const { incoming: _, ...rest } = this.#view;
    this.#view = rest;
    this.show({});
  }
  async leaveCall(): Promise<void> {
    await this.note('leaveCall');
    this.#changeCall({ step: 'ended', ended: 'hangup' });
  }
  async setMicrophone(on: boolean): Promise<void> {
    await this.note('setMicrophone', on);
    this.#changeCall({ microphone: on });
  }
  async setCamera(on: boolean): Promise<void> {
    await this.note('setCamera', on);
    this.#changeCall({ camera: on });
  }
  async setScreen(on: boolean): Promise<void> {
    await this.note('setScreen', on);
    this.#changeCall({ screen: on });
  }
  stream(device: string, kind: 'camera' | 'screen'): unknown {
    return this.#scene.stream?.(device, kind);
  }
  setThroughBox(on: boolean): Promise<void> {
    return this.note('setThroughBox', on);
  }
  dismissCall(): void {
    this.commands.push(['dismissCall']);
    const { call: _, ...rest } = this.#view;
    this.#view = rest;
    this.show({});
  }
  async sendFile(cid: string, { name, sizeBytes }: FileSource): Promise<void> {
    await this.note('sendFile', cid, name, sizeBytes);
  }
  pauseFile(sid: string): Promise<void> {
    return this.note('pauseFile', sid);
  }
  fetchFile(sid: string): Promise<void> {
    return this.note('fetchFile', sid);
  }
  async openFile(sid: string): Promise<unknown> {
    await this.note('openFile', sid);
    return new Blob(['file']);
  }
  removeFile(sid: string): Promise<void> {
    return this.note('removeFile', sid);
  }
  async openBoard(cid: string): Promise<string> {
    await this.note('openBoard', cid);
    return this.#board?.id ?? '';
  }
  board(id: string): BoardView | undefined {
    return this.#board?.id === id ? this.#board : undefined;
  }
  async draw(id: string, elements: readonly string[]): Promise<void> {
    await this.note('draw', id, elements);
  }
  point(id: string, x: number, y: number): void {
    this.commands.push(['point', id, x, y]);
  }
  closeBoard(id: string): Promise<void> {
    return this.note('closeBoard', id);
  }
  /** Changes the board as somebody else would. */
  drawn(change: Partial<BoardView>): void {
    if (this.#board) this.#board = { ...this.#board, ...change };
    this.show({});
  }
  #changeCall(change: Partial<CallView>): void {
    const { call } = this.#view;
    if (call) this.show({ call: { ...call, ...change } });
  }
  dismissProblem(): void {
    this.commands.push(['dismissProblem']);
    const { problem: _, ...rest } = this.#view;
    this.#view = rest;
    this.show({});
  }

  protected async note(...command: readonly unknown[]): Promise<void> {
    this.commands.push(command);
    const refusal = this.refuseNext;
    this.refuseNext = undefined;
    if (refusal) throw refusal;
  }
}
