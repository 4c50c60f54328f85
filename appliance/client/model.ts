import type { CallCommands, CallView, FileView, OngoingView } from './call-model.ts';
import type { ClosingCommands, ClosingView, VoteView } from './closing-model.ts';
import type {
  DeviceView,
  LinkingCommands,
  NewDeviceView,
  OldDeviceView,
} from './linking/linking-model.ts';
import type { SearchCommands } from './search-model.ts';

/**
 * What a screen can show and what a person can do: the only face of the client
 * engine that a user interface sees. Everything here is plain data, already
 * opened, checked and named; no keys, no hashes that a screen must not show.
 */

/** State of the way to the box, as the header says it. */
export type Link =
  | { state: 'linked' }
  | { state: 'slow' }
  | { state: 'catching-up'; done: number; total: number }
  | { state: 'none' };

/** A mistake or refusal in words; `code` only for "Copy report". */
export interface Problem {
  code: string;
  /** What happened. */
  says: string;
  /** What to do. */
  advice: string;
}

/** The 66 bits of F5, twice. */
export interface SafetyCode {
  /** Twenty decimal digits. */
  digits: string;
  /** Ten indices 0…99 into the table of pictures. */
  pictures: readonly number[];
}

/** Thresholds of a charter (V10). */
export type Threshold = 'majority' | 'two-thirds' | 'all';

/** A party as the charter lists it; `slot` (0-based) gives colour and pattern. */
export interface PartyView {
  slot: number;
  name: string;
  /** Badge, one or two characters. */
  code: string;
}

/** What the parties agree on, opened. */
export interface CharterView {
  name: string;
  purpose: string;
  parties: readonly PartyView[];
  history: 'all' | 'join' | 'none';
  addParty: Threshold;
  close: Threshold;
  /** Hours that the wipe waits for receipts. */
  wipeAfterHours: number;
}

export interface FoundingView {
  /** Charter, once the draft could be opened with the join code. */
  charter: CharterView;
  /** Where this device is. `waiting` = everything of ours done, others missing. */
  step: 'party' | 'key' | 'gathering' | 'code' | 'sign' | 'waiting' | 'founded';
  /** The party this device founds for; absent until chosen. */
  mySlot?: number;
  /** Slots that a device has taken / that said "It matches" / that signed. */
  taken: readonly number[];
  compared: readonly number[];
  signed: readonly number[];
  /** From the moment all parties have revealed (F3). */
  code?: SafetyCode;
  /** Address with the secret in its fragment, for the leads of the other parties. */
  joinLink: string;
  /** Set when the founding ended without a mission: differs, cancelled, cheated. */
  ended?: Problem;
}

export interface JoiningView {
  mission: string;
  party: string;
  step: 'name' | 'waiting-for-lead' | 'compare-digits' | 'joining' | 'refused';
  /** Six digits of J4 while `compare-digits`. */
  digits?: string;
  problem?: Problem;
}

export interface PersonView {
  /** Member fingerprint: an identity for lists, never shown. */
  id: string;
  /** Sealed display name, or undefined while nobody has told it. */
  name?: string;
  slot: number;
  isLead: boolean;
  isMe: boolean;
}

export interface InvitationView {
  id: string;
  kind: 'person' | 'open';
  uses: number;
  used: number;
  stopped: boolean;
  /** Only on the device that made it. */
  link?: string;
}

/** Somebody asks to join our party (J3); the lead compares `digits` aloud (J4). */
export interface ClaimView {
  id: string;
  name: string;
  digits: string;
}

export interface ConversationView {
  cid: string;
  title: string;
  memberCount: number;
  unread: number;
  /** Newest message for the list. */
  last?: { author?: string; slot: number; text: string; atMs: number; isMine: boolean };
  /** A sentence when nothing can be written here now. */
  readOnly?: string;
  history: 'all' | 'join' | 'none';
  /** First sync: commits checked of commits known. */
  loading?: { done: number; total: number };
}

/** A call or conference as the log remembers it (`call-start`, `call-end`). */
export interface CallNote {
  kind: 'one-to-one' | 'conference';
  state: 'on' | 'ended' | 'declined' | 'busy' | 'no-answer';
  durationMs?: number;
  /** The other member of a one-to-one call, if the log tells. */
  person?: string;
}

/** One line of a conversation, in display order (SWARM §9.4). */
export interface MessageView {
  sid: string;
  /** `board`: the first message of a board, which opens it. */
  kind: 'text' | 'event' | 'unsupported' | 'locked' | 'file' | 'call' | 'board';
  /** Only with the kind of the same name. */
  file?: FileView;
  call?: CallNote;
  author: string;
  name?: string;
  slot: number;
  isMine: boolean;
  text: string;
  /** The author's claim, milliseconds. */
  atMs: number;
  /** `kept`: on this device only; `sent`: the box has it. */
  delivery: 'kept' | 'sent';
  /** Arrived after newer ones were shown. */
  isLate: boolean;
  isEdited: boolean;
  isDeleted: boolean;
  reply?: { sid: string; name?: string; text: string };
  reactions: readonly { emoji: string; count: number; isMine: boolean }[];
}

export interface MissionView {
  charter: CharterView;
  code: SafetyCode;
  /** Slots whose lead recorded that the code matches. */
  compared: readonly number[];
  me: PersonView;
  people: readonly PersonView[];
  conversations: readonly ConversationView[];
  invitations: readonly InvitationView[];
  claims: readonly ClaimView[];
  /** Conferences going on that one could join. */
  ongoing: readonly OngoingView[];
  /** This person's choice to call through the box's relay alone. */
  callsThroughBox?: true;
  /** Open and decided, newest first. */
  votes: readonly VoteView[];
  /** From the moment the vote to close has passed. */
  closing?: ClosingView;
  /** This person's own devices, this one first. */
  devices: readonly DeviceView[];
  /** A further device that is being linked here. */
  linking?: OldDeviceView;
}

export interface ClientView {
  /**
   * `starting` opening storage; `welcome` nothing here yet; `founding`, `joining`, `linking`,
   * `mission` as the member says; `elsewhere` another tab of this device works.
   */
  stage: 'starting' | 'welcome' | 'founding' | 'joining' | 'linking' | 'mission' | 'elsewhere';
  link: Link;
  /** What the box said openly; absent until it answered once. */
  box?: {
    hasMission: boolean;
    hasFounding: boolean;
    /** A founding is open, and a code from the box's own console lets this device begin anew. */
    canReplaceFounding?: boolean;
  };
  founding?: FoundingView;
  joining?: JoiningView;
  linking?: NewDeviceView;
  mission?: MissionView;
  /** The call this device takes part in, or is about to. */
  call?: CallView;
  /** A call that rings here; absent while another is on (the caller hears busy). */
  incoming?: CallView;
  /** Last refusal that no screen of its own shows. */
  problem?: Problem;
}

/** What a proposer fills in. */
export interface MissionDraft extends Omit<CharterView, 'parties'> {
  /** In the order of their slots; at least two, codes and names distinct. */
  parties: readonly { name: string; code: string }[];
}

/**
 * The engine as a screen uses it. Commands reject only with `ClientProblem`,
 * whose `problem` can be shown as it is. Snapshots are immutable; `view()`
 * returns the same object until something changed.
 */
export interface ParleyClient
  extends CallCommands, ClosingCommands, LinkingCommands, SearchCommands {
  view(): ClientView;
  /** Messages of one conversation, oldest first; same array until something changed. */
  messages(cid: string): readonly MessageView[];
  /** Calls `listener` after each change; returns the way to stop. */
  subscribe(listener: () => void): () => void;

  /** Opens storage, takes up where the device was, links to the box. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Takes a scanned, typed or opened code or address (box, founding or invitation). */
  enter(code: string): Promise<void>;

  /**
   * Welcome → founding: makes the draft; the proposer then chooses a party like everyone.
   * With `startOver` it ends the founding that is open (see `canReplaceFounding`).
   */
  propose(draft: MissionDraft, startOver?: boolean): Promise<void>;
  /** "We are this party": makes party, member and device keys and commits (F1). */
  takeParty(slot: number, displayName: string): Promise<void>;
  /** "It matches" / "It differs". */
  compareCode(matches: boolean): Promise<void>;
  /** "Sign the charter" (F3). */
  signCharter(): Promise<void>;
  /** Leaves a founding that ended, back to welcome. */
  leaveFounding(): Promise<void>;

  /** "Join" with a name, after `enter` of an invitation. */
  join(displayName: string): Promise<void>;
  leaveJoining(): Promise<void>;

  invite(kind: 'person' | 'open', uses: number): Promise<InvitationView>;
  stopInvitation(id: string): Promise<void>;
  /** The lead says whether the person read out the same digits (J4). */
  answerClaim(id: string, admit: boolean): Promise<void>;

  /** Creates a room of all parties (mode 1) with a sealed title; returns its cid. */
  createConversation(title: string): Promise<string>;
  rename(cid: string, title: string): Promise<void>;
  setDisplayName(name: string): Promise<void>;
  send(cid: string, text: string, replyTo?: string): Promise<void>;
  edit(cid: string, sid: string, text: string): Promise<void>;
  erase(cid: string, sid: string): Promise<void>;
  /** Adds the reaction, or takes back one's own. */
  react(cid: string, sid: string, emoji: string): Promise<void>;
  markRead(cid: string): Promise<void>;
  dismissProblem(): void;

  /** The microphone or camera used from now on, by the id the platform lists it with. */
  chooseDevice(kind: 'microphone' | 'camera', id: string): Promise<void>;
}

/** The only error that commands reject with. */
export class ClientProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, cause?: unknown) {
    super(`${problem.code}: ${problem.says}`, cause === undefined ? undefined : { cause });
    this.name = 'ClientProblem';
    this.problem = problem;
  }
}
