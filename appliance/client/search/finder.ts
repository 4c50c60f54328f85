import type { ClientView, MessageView, MissionView, PersonView } from '../model.ts';
import type { HitView, SearchQuery, SearchView } from '../search-model.ts';
import { bareLetters, wordsOf } from './letters.ts';

/** Code units whose bare letters are made at once: about 50 ms on a slow phone. */
const readAtOnce = 200_000;

/** What is searched: only what the screens may show. */
export interface Shelf {
  view(): ClientView;
  messages(cid: string): readonly MessageView[];
}

/** Words and names of what was looked at, and their bare letters. */
type Known = Map<string, { words: string; letters: string }>;

/** The search over a client; the letters it keeps are in memory only. */
export function searchOver(shelf: Shelf): (query: SearchQuery) => SearchView {
  const known: Known = new Map();
  return (query) => {
    const { mission } = shelf.view();
    const words = wordsOf(query.text);
    if (!mission || !isNarrow(query, words)) {
      known.clear();
      return { hits: [], people: [], count: 0 };
    }
    const found = messagesFound(shelf, mission, query, { words, known });
    const people = peopleFound(mission, query, words);
    const { hits, reading } = found;
    return {
      hits: hits.sort((a, b) => b.message.atMs - a.message.atMs).slice(0, query.limit),
      people,
      count: hits.length + people.length,
      ...(reading.done < reading.total && { reading }),
    };
  };
}

/** Whether a query chooses at all, beyond a conversation. */
function isNarrow({ day, kind, person, slot }: SearchQuery, words: readonly string[]): boolean {
  return words.length > 0 || [day, kind, person, slot].some((one) => one !== undefined);
}

function messagesFound(
  shelf: Shelf,
  mission: MissionView,
  query: SearchQuery,
  { words, known }: { words: readonly string[]; known: Known },
): { hits: HitView[]; reading: { done: number; total: number } } {
  const names = new Map(mission.people.map(({ id, name }) => [id, name]));
  const hits: HitView[] = [];
  const reading = { done: 0, total: 0 };
  let left = readAtOnce;
  const lettersOf = ({ sid }: MessageView, said: string): string | undefined => {
    const before = known.get(sid);
    if (before?.words === said) return before.letters;
    if (left <= 0) return undefined;
    left -= said.length + 1;
    const letters = bareLetters(said);
    known.set(sid, { words: said, letters });
    return letters;
  };
  for (const { cid, title } of mission.conversations) {
    if (query.cid !== undefined && query.cid !== cid) continue;
    // From the newest on: what is most likely wanted is found by the first piece of work.
    for (const message of shelf.messages(cid).toReversed()) {
      const said = sayingOf(message, names);
      // What was erased is not to be kept here either.
      if (said === undefined) known.delete(message.sid);
      if (said === undefined || !isChosen(message, query)) continue;
      reading.total += 1;
      const letters = words.length === 0 ? '' : lettersOf(message, said);
      if (letters === undefined) continue;
      reading.done += 1;
      if (words.every((word) => letters.includes(word))) hits.push({ cid, title, message });
    }
  }
  return { hits, reading };
}

/** What of a message can be searched; undefined for what has no words, or not for this person. */
function sayingOf(
  message: MessageView,
  names: ReadonlyMap<string, string | undefined>,
): string | undefined {
  const { kind, isDeleted, file, call } = message;
  if (isDeleted) return undefined;
  if (kind === 'text') return message.text;
  if (kind === 'file') return file?.name;
  if (kind !== 'call') return undefined;
  return `${message.name ?? ''} ${names.get(call?.person ?? '') ?? ''}`;
}

function isChosen(message: MessageView, { day, kind, person, slot }: SearchQuery): boolean {
  return (
    (kind === undefined || message.kind === kind) &&
    (slot === undefined || message.slot === slot) &&
    (person === undefined || message.author === person) &&
    (day === undefined || (message.atMs >= day.fromMs && message.atMs < day.untilMs))
  );
}

/** People by name; they stand in no conversation and on no day. */
function peopleFound(
  { people }: MissionView,
  { cid, day, kind, person, slot }: SearchQuery,
  words: readonly string[],
): readonly PersonView[] {
  if (cid !== undefined || day !== undefined || (kind ?? 'person') !== 'person') return [];
  if (words.length === 0 && kind === undefined) return [];
  return people.filter((one) => {
    const letters = bareLetters(one.name ?? '');
    return (
      (slot === undefined || one.slot === slot) &&
      (person === undefined || one.id === person) &&
      words.every((word) => letters.includes(word))
    );
  });
}
