import type { PartyView } from '#client/model.ts';
import type { Reason } from '#protocol/state/resolve/excluded.ts';

/** One line of a conversation, opened and named as far as the keys go. */
export interface Entry {
  sid: string;
  cid: string;
  kind: 'text' | 'file' | 'board' | 'call' | 'event' | 'locked' | 'unsupported';
  /** Member fingerprint, for the proof. */
  author: string;
  /** Absent while nobody told it. */
  name?: string;
  slot: number;
  /** Newest text, or the name of the file; of an event its kind. */
  text: string;
  /** The author's claim, milliseconds. */
  atMs: number;
  isEdited: boolean;
  isDeleted: boolean;
  /** `sid` of what it answers, if that is shown. */
  reply?: string;
  reactions: readonly { emoji: string; members: readonly string[] }[];
  /** What the message offers, as it says it. */
  file?: { name: string; size: number; offer: unknown };
  /** Of a call that ended. */
  minutes?: number;
}

/** A message that is in the record and has no effect (C9). */
export interface HiddenEntry extends Entry {
  reason: Reason;
}

export interface Conversation {
  cid: string;
  /** Absent where no key opens it, or nobody gave it one. */
  title?: string;
  /** `partly`: some epochs are locked. */
  state: 'open' | 'partly' | 'locked';
  /** Whether the holder of the keys was ever asked in. */
  isOwn: boolean;
  /** Message commits, whether they open or not. */
  messages: number;
  entries: readonly Entry[];
  hidden: readonly HiddenEntry[];
  /** JSON texts of the board's elements, in the order of drawing; checked. */
  board: readonly string[];
}

export interface Person {
  /** Member fingerprint. */
  id: string;
  name?: string;
  slot: number;
  isLead: boolean;
  /** Removed or left. */
  isGone: boolean;
}

/** All of a record that can be shown with the keys that were given. */
export interface Library {
  cid: string;
  /** Name of the mission, if a key or a message told it and the charter confirms it. */
  mission?: string;
  /** By slot; without a name where the names are locked. */
  parties: readonly PartyView[];
  hasNames: boolean;
  people: readonly Person[];
  conversations: readonly Conversation[];
  /** The party whose member's keys opened it. */
  openedAs?: number;
  /** Local midnight of the mission's first day. */
  firstDayMs: number;
}
