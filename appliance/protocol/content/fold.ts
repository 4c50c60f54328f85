import type { Content } from './bodies.ts';

/** One visible message commit, opened or not, as the fold needs it. */
export interface Utterance {
  sid: string;
  /** Logical height. */
  l: number;
  /** Member fingerprint of the author. */
  author: string;
  /** The author's claim, milliseconds. */
  atMs: number;
  /** `locked`: no key yet; `unsupported`: a newer program's type. Void messages are left out. */
  content: Content | { t: 'unsupported' } | { t: 'locked' };
}

/** One line to show. */
export interface Line {
  sid: string;
  author: string;
  atMs: number;
  /** `board`: the first message of a board. */
  kind: 'text' | 'file' | 'board' | 'unsupported' | 'locked';
  /** Newest text; empty when deleted, locked or unsupported. */
  text: string;
  content: Utterance['content'];
  isEdited: boolean;
  isDeleted: boolean;
  reply?: string;
  /** Emoji and the members who gave it, in the order of their first. */
  reactions: { emoji: string; members: string[] }[];
}

/** Whether the first commit lies in the past of the second. */
export type Precedes = (earlier: string, later: string) => boolean;

const editable = new Set<string>(['text/plain', 'reaction', 'data-transfer']);

/**
 * What a conversation shows, from its visible messages in display order (§9.4). Edits, deletions
 * and reactions are applied by §7.3: the order of arrival never matters, and what waits for its
 * target takes effect when the target is there.
 */
export function fold(utterances: readonly Utterance[], precedes: Precedes): Line[] {
  const bySid = new Map(utterances.map((one) => [one.sid, one]));
  const changes = changesByTarget(utterances, bySid, precedes);
  const lines = new Map<string, Line>();
  const boards = new Set<string>();
  for (const one of utterances) {
    if (one.content.t === 'board') {
      if (boards.has(one.content.b.id)) continue;
      boards.add(one.content.b.id);
    }
    const line = lineOf(one, outcome(changes.get(one.sid), precedes));
    if (line) lines.set(one.sid, line);
  }
  for (const one of utterances) {
    if (one.content.t === 'reaction') react(one, outcome(changes.get(one.sid), precedes), lines);
  }
  return [...lines.values()];
}

type Change = Utterance & { content: Extract<Content, { t: 'edit' | 'delete' }> };

function changesByTarget(
  utterances: readonly Utterance[],
  bySid: ReadonlyMap<string, Utterance>,
  precedes: Precedes,
): Map<string, Change[]> {
  const changes = new Map<string, Change[]>();
  for (const one of utterances) {
    if (one.content.t !== 'edit' && one.content.t !== 'delete') continue;
    const target = bySid.get(one.content.b.of);
    // Void: somebody else's message, an edit of an edit, or a target not in its past (§7.2).
    if (target?.author !== one.author || !editable.has(target.content.t)) continue;
    if (!precedes(target.sid, one.sid)) continue;
    changes.set(target.sid, [...(changes.get(target.sid) ?? []), one as Change]);
  }
  return changes;
}

/** `undefined`: unchanged; `delete` wins among the maximal ones, else the highest (l, sid). */
function outcome(changes: Change[] | undefined, precedes: Precedes): Change['content'] | undefined {
  if (!changes) return undefined;
  const maximal = changes.filter((one) => !changes.some((other) => precedes(one.sid, other.sid)));
  const deletion = maximal.find((one) => one.content.t === 'delete');
  if (deletion) return deletion.content;
  return maximal.reduce((a, b) => (a.l > b.l || (a.l === b.l && a.sid > b.sid) ? a : b)).content;
}

function lineOf(one: Utterance, change: Change['content'] | undefined): Line | undefined {
  const base = {
    sid: one.sid,
    author: one.author,
    atMs: one.atMs,
    content: one.content,
    isEdited: change?.t === 'edit',
    isDeleted: change?.t === 'delete',
    reactions: [],
  };
  switch (one.content.t) {
    case 'text/plain': {
      const { body, re } = one.content.b;
      const text = change === undefined ? body : change.t === 'edit' ? change.b.body : '';
      return { ...base, kind: 'text', text, ...(re !== undefined && { reply: re }) };
    }
    case 'data-transfer':
      return { ...base, kind: 'file', text: one.content.b.name };
    case 'board':
    case 'locked':
    case 'unsupported':
      return { ...base, kind: one.content.t, text: '' };
    default:
      return undefined;
  }
}

function react(
  one: Utterance,
  change: Change['content'] | undefined,
  lines: ReadonlyMap<string, Line>,
): void {
  if (one.content.t !== 'reaction') return;
  const line = lines.get(one.content.b.to);
  // Deleting a message hides its reactions, editing keeps them.
  if (!line || line.isDeleted || change?.t === 'delete') return;
  const emoji = change?.t === 'edit' ? change.b.body : one.content.b.body;
  if (emoji === '') return;
  const known = line.reactions.find((reaction) => reaction.emoji === emoji);
  if (!known) line.reactions.push({ emoji, members: [one.author] });
  else if (!known.members.includes(one.author)) known.members.push(one.author);
}
