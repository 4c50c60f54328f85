import type { MessageView, PersonView } from './model.ts';

/** What can be found: messages by their words, files by their names, calls and people by names. */
export type SearchKind = 'text' | 'file' | 'call' | 'person';

/** What is looked for. Everything that is set must be true of a hit. */
export interface SearchQuery {
  /** Words in any order, each anywhere in a hit; case, accents and vowel marks do not count. */
  text: string;
  /** One conversation instead of all. */
  cid?: string;
  /** Messages of one person, by member fingerprint, or of one party. */
  person?: string;
  slot?: number;
  kind?: SearchKind;
  /** By the authors' claims, milliseconds; `untilMs` is not part of it. */
  day?: { fromMs: number; untilMs: number };
  /** Hits that come back at most, the newest ones; 1 or more. */
  limit: number;
}

/** A message that was found, and where. */
export interface HitView {
  cid: string;
  title: string;
  message: MessageView;
}

export interface SearchView {
  /** Newest first. */
  hits: readonly HitView[];
  people: readonly PersonView[];
  /** Hits and people that there are, shown or not; what is hidden or void is none (S128). */
  count: number;
  /** Messages looked at of those to look at; absent once all were. Asking again goes on. */
  reading?: { done: number; total: number };
}

/** What a person can do to find something. */
export interface SearchCommands {
  /**
   * Looks through what this device shows. Does a bounded piece of work at once; see `reading`. A
   * query without words and filters finds nothing, and forgets what was kept to be fast.
   */
  search(query: SearchQuery): SearchView;
}
