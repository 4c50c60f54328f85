import type { RoomReplica } from '#protocol/admit/replica.ts';
import { readContent } from '#protocol/content/bodies.ts';
import { drawn, foldBoard } from '#protocol/content/board-fold.ts';
import type { Line } from '#protocol/content/fold.ts';
import { openMessage } from '#protocol/crypto/message-seal.ts';
import { KeyRing } from '#protocol/keys/key-ring.ts';
import type { EpochX } from '#protocol/state/kinds/epoch.ts';
import { inOrder, type Op } from '#protocol/state/op.ts';
import { isFileOffer } from '#protocol/transfer/offer.ts';
import { callNotes } from '#client/calls/call-log.ts';
import { slotOf, type NameOf } from '#client/people.ts';
import { Reader, type Transcript } from '#client/transcript.ts';
import type { Holder } from './holder.ts';
import type { Conversation, Entry, HiddenEntry } from './model.ts';

/** Control commits that people see. */
const events = new Set(['genesis', 'join', 'leave', 'profile']);

/** Kinds that can carry a key. */
const carriers = new Set(['epoch', 'share', 'add']);

/** A conversation of the record with the keys to it. */
export interface Room {
  cid: string;
  replica: RoomReplica;
  ring: KeyRing;
  transcript: Transcript;
}

/** Opens a conversation with whatever keys the holder has to it; without a holder with none. */
export async function openRoom(
  cid: string,
  replica: RoomReplica,
  holder: Holder | undefined,
): Promise<Room> {
  const ring = new KeyRing(cid);
  if (holder) {
    const keys = holder.epochs.get(cid);
    for (const op of replica.order().shown) {
      const key = op.envelope.k === 'epoch' ? keys?.get((op.x as EpochX).id) : undefined;
      if (key) ring.put(op, key);
      if (carriers.has(op.envelope.k)) await ring.learn(op, holder.own);
    }
  }
  return { cid, replica, ring, transcript: new Reader(replica, ring, () => true).read() };
}

/** What is shown of a conversation. */
export function conversationOf(
  room: Room,
  nameOf: NameOf,
  holder: Holder | undefined,
): Conversation {
  const { cid, replica, ring, transcript } = room;
  const { shown, hidden } = replica.order();
  const messages = shown.filter(({ envelope }) => envelope.k === 'msg');
  const isPartly = messages.some(({ envelope }) => ring.key(envelope.e ?? '') === undefined);
  return {
    cid,
    ...(transcript.title !== undefined && { title: transcript.title }),
    state: ring.held.length === 0 ? 'locked' : isPartly ? 'partly' : 'open',
    isOwn: holder !== undefined && replica.view().state.people.has(holder.own.member),
    messages: messages.length,
    entries: entriesOf(room, nameOf),
    hidden: hidden
      .filter(({ op }) => op.envelope.k === 'msg')
      .map(({ op, reason }): HiddenEntry => ({ ...hiddenEntry(room, op, nameOf), reason })),
    board: drawn(foldBoard(transcript.boards))
      .filter(({ isDeleted }) => !isDeleted)
      .map(({ text }) => text),
  };
}

function entriesOf(room: Room, nameOf: NameOf): Entry[] {
  const { replica, transcript } = room;
  const lines = new Map(transcript.lines.map((line) => [line.sid, line]));
  const calls = new Map(transcript.calls.map((mark) => [mark.sid, mark]));
  const notes = callNotes(transcript.calls, () => false);
  return [...replica.order().shown].sort(inOrder).flatMap((op): Entry[] => {
    const line = lines.get(op.sid);
    if (line) return [lineEntry(room, line, nameOf)];
    const [mark, note] = [calls.get(op.sid), notes.get(op.sid)];
    if (mark && note) {
      const minutes = note.durationMs === undefined ? {} : { minutes: inMinutes(note.durationMs) };
      return [{ ...common(room, op, nameOf), kind: 'call', atMs: mark.atMs, ...minutes }];
    }
    if (!events.has(op.envelope.k)) return [];
    return [{ ...common(room, op, nameOf), kind: 'event', text: op.envelope.k }];
  });
}

function lineEntry(room: Room, line: Line, nameOf: NameOf): Entry {
  const op = room.replica.op(line.sid) as Op;
  const { atMs, content, isDeleted, isEdited, kind, reactions, reply } = line;
  const offer = content.t === 'data-transfer' && !isDeleted ? content.b : undefined;
  return {
    ...common(room, op, nameOf),
    kind: kind === 'file' && offer !== undefined && !isFileOffer(offer) ? 'unsupported' : kind,
    text: isDeleted ? '' : line.text,
    ...{ atMs, isDeleted, isEdited, reactions },
    ...(reply !== undefined && { reply }),
    ...(offer && { file: { name: offer.name, size: offer.size, offer } }),
  };
}

/** A message without effect: its words if they open, nothing of what it would have done. */
function hiddenEntry(room: Room, op: Op, nameOf: NameOf): Entry {
  const entry = common(room, op, nameOf);
  const key = room.ring.key(op.envelope.e ?? '');
  if (!key) return { ...entry, kind: 'locked' };
  const sealed = room.replica.commit(op.sid)?.sealed ?? new Uint8Array();
  const opened = openMessage(key, op.envelope, sealed);
  const content = opened.ok ? readContent(opened.value.t, opened.value.b) : undefined;
  if (!opened.ok || content?.t !== 'text/plain') return { ...entry, kind: 'unsupported' };
  return { ...entry, kind: 'text', text: content.b.body, atMs: opened.value.m };
}

function common({ cid, replica }: Room, { author, sid }: Op, nameOf: NameOf): Entry {
  const name = nameOf(author.member);
  return {
    sid,
    cid,
    kind: 'event',
    author: author.member,
    ...(name !== undefined && { name }),
    slot: slotOf(replica.view().mission, author.member),
    text: '',
    atMs: (replica.commit(sid)?.seconds ?? 0) * 1000,
    isEdited: false,
    isDeleted: false,
    reactions: [],
  };
}

function inMinutes(ms: number): number {
  return Math.max(1, Math.round(ms / 60_000));
}
