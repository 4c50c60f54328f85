import { pictureType } from '../record/extract.ts';
import type { Entry, Library } from '../record/model.ts';
import { bareLetters } from '../record/search.ts';
import type { Names } from './naming.ts';

/** What a person wants to see; absent means all. */
export interface Filter {
  query: string;
  cid?: string;
  slot?: number;
  day?: number;
  isFilesOnly: boolean;
}

export const everything: Filter = { query: '', isFilesOnly: false };

/** Whether the filter chooses among messages at all, beyond a conversation. */
export function isNarrow({ day, isFilesOnly, query, slot }: Filter): boolean {
  return query.trim() !== '' || isFilesOnly || slot !== undefined || day !== undefined;
}

/** The entries that a filter lets through, in order of their conversations. */
export function chosen({ conversations }: Library, filter: Filter, { day }: Names): Entry[] {
  const { cid, isFilesOnly, slot } = filter;
  const wanted = bareLetters(filter.query.trim());
  const isWanted = (entry: Entry): boolean =>
    (slot === undefined || entry.slot === slot) &&
    (filter.day === undefined || day(entry.atMs) === filter.day) &&
    (!isFilesOnly || entry.kind === 'file') &&
    (wanted === '' || lettersOf(entry).includes(wanted)) &&
    // Who looks for something looks for words; who reads a conversation sees all of it.
    (!isNarrow(filter) || entry.kind !== 'event');
  return conversations
    .filter((one) => cid === undefined || one.cid === cid)
    .flatMap(({ entries }) => entries.filter(isWanted));
}

/** Letters of entries that were searched once: a long record is searched with every key that is pressed. */
const known = new WeakMap<Entry, string>();

function lettersOf(entry: Entry): string {
  const letters = known.get(entry) ?? bareLetters(entry.text);
  known.set(entry, letters);
  return letters;
}

/** Days on which somebody wrote, ascending. */
export function daysOf({ conversations }: Library, { day }: Names): number[] {
  const days = conversations.flatMap(({ entries }) => entries.map(({ atMs }) => day(atMs)));
  return [...new Set(days)].sort((a, b) => a - b);
}

/** Key of the string that says what kind of file it is. */
export function fileWords(name: string): 'line.photo' | 'line.file' {
  return pictureType(name) === undefined ? 'line.file' : 'line.photo';
}
