import { bare, type Say } from '../strings/strings.ts';
import type { Conversation, Entry, Library } from './model.ts';

/** How moments and people are called. */
export interface Naming {
  t: Say;
  /** "Day 3, 14:18". */
  when(atMs: number): string;
  person(entry: Pick<Entry, 'name' | 'slot'>): string;
}

/** Everything that is open, as a plain text for people: one paragraph a message. */
export function asText({ conversations, mission, parties }: Library, naming: Naming): string {
  const { t } = naming;
  const head = [mission ?? t('title'), parties.map(({ name, code }) => name || code).join(', ')];
  const open = conversations.filter(({ state }) => state !== 'locked');
  const locked = conversations.filter(({ state }) => state === 'locked');
  const own = locked.filter(({ isOwn }) => isOwn).length;
  const rest = [
    locked.length > own ? t('about.locked', { count: locked.length - own }) : '',
    own > 0 ? t('about.lockedOwn', { count: own }) : '',
  ].filter((line) => line !== '');
  const parts = open.map((one) => conversationText(one, conversations.indexOf(one) + 1, naming));
  return bare([head.join('\n'), ...parts, ...rest].join('\n\n\n') + '\n');
}

function conversationText(
  { entries, hidden, title }: Conversation,
  number: number,
  naming: Naming,
): string {
  const { t } = naming;
  const name = title ?? t('talk.untitled', { number });
  const bySid = new Map(entries.map((entry) => [entry.sid, entry]));
  const lines = entries.map((entry) => entryText(entry, bySid, naming));
  const drawer = hidden.map(
    (entry) => `${entryText(entry, bySid, naming)} [${t(`hidden.${entry.reason}`)}]`,
  );
  const rest = drawer.length === 0 ? [] : [t('hidden.title', { count: drawer.length }), ...drawer];
  return [`${name}\n${'='.repeat([...name].length)}`, ...lines, ...rest].join('\n\n');
}

function entryText(
  entry: Entry,
  all: ReadonlyMap<string, Entry>,
  { person, t, when }: Naming,
): string {
  const answered = all.get(entry.reply ?? '');
  const quote = answered
    ? [t('line.reply', { name: person(answered), text: answered.text.slice(0, 80) })]
    : [];
  const notes = [
    entry.isEdited ? t('line.edited') : '',
    ...entry.reactions.map(({ emoji, members }) => `${emoji} ${members.length}`),
  ];
  const extra = notes.filter((note) => note !== '').map((note) => ` (${note})`);
  const words = wordsOf(entry, person(entry), t);
  const head = `${when(entry.atMs)} · ${person(entry)}:`;
  return [head, ...quote, words + extra.join('')].join('\n');
}

/** What an entry says, in words alone. */
export function wordsOf(entry: Entry, person: string, t: Say): string {
  const { file, isDeleted, kind, minutes, text } = entry;
  if (isDeleted) return t('line.deleted');
  switch (kind) {
    case 'text':
      return text;
    case 'file':
      return t('line.file', { name: file?.name ?? text });
    case 'board':
      return t('line.board');
    case 'call':
      return minutes === undefined
        ? t('event.call', { name: person })
        : t('event.callFor', { name: person, minutes });
    case 'event':
      return t(`event.${text as 'genesis' | 'join' | 'leave' | 'profile'}`, { name: person });
    case 'locked':
      return t('line.locked');
    case 'unsupported':
      return t('line.unsupported');
  }
}
