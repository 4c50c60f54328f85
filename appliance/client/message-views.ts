import type { RoomReplica } from '#protocol/admit/replica.ts';
import type { Line } from '#protocol/content/fold.ts';
import { inOrder, type Op } from '#protocol/state/op.ts';
import type { CallMark } from './calls/call-log.ts';
import type { FileView } from './call-model.ts';
import type { OutgoingView } from './files/files.ts';
import type { CallNote, MessageView } from './model.ts';
import { slotOf, type NameOf } from './people.ts';

/** What a room's lines are shown with. */
export interface Showing {
  replica: RoomReplica;
  lines: readonly Line[];
  calls: readonly CallMark[];
  /** What is said of a call, by the message that stands for it. */
  notes: ReadonlyMap<string, CallNote>;
  /** The file that a message offers; undefined if it offers none that can be had. */
  fileOf(sid: string, offer: unknown): FileView | undefined;
  /** Files of this device that are not messages yet. */
  outgoing: readonly OutgoingView[];
  me: string;
  nameOf: NameOf;
  isPending(sid: string): boolean;
  isLate(sid: string): boolean;
}

/** Control commits that people see, in words. */
const events: Readonly<Record<string, (name: string) => string>> = {
  genesis: (name) => `${name} started this conversation.`,
  join: (name) => `${name} joined.`,
  leave: (name) => `${name} left.`,
  profile: (name) => `${name} changed the title.`,
};

/** Messages and events of a room in display order (§9.4). */
export function messageViews(showing: Showing): MessageView[] {
  const { replica, lines } = showing;
  const bySid = new Map(lines.map((line) => [line.sid, line]));
  const marks = new Map(showing.calls.map((mark) => [mark.sid, mark]));
  const views: MessageView[] = [];
  const { hist } = replica.view().state.genesis;
  let profiles = 0;
  for (const op of [...replica.order().shown].sort(inOrder)) {
    const line = bySid.get(op.sid);
    if (line) views.push(lineView(showing, line, bySid));
    const [mark, note] = [marks.get(op.sid), showing.notes.get(op.sid)];
    if (mark && note) views.push(callView(showing, mark, note));
    // The first title belongs to the beginning of the room; and where it is told again under each
    // new key, it mostly is no change.
    const isTold = op.envelope.k === 'profile' && ((profiles += 1) === 1 || hist !== 'all');
    if (op.envelope.k in events && !isTold) views.push(eventView(showing, op));
  }
  return [...views, ...showing.outgoing.map((one) => outgoingView(showing, one))];
}

/** A file on its way stands below what others have said already, as it will when it is sent. */
function outgoingView(showing: Showing, { file, atMs }: OutgoingView): MessageView {
  return {
    ...commonView(showing, file.sid, showing.me, atMs),
    kind: 'file',
    file,
    text: file.name,
    delivery: 'kept',
    isLate: false,
    isEdited: false,
    isDeleted: false,
    reactions: [],
  };
}

function lineView(showing: Showing, line: Line, bySid: ReadonlyMap<string, Line>): MessageView {
  const { nameOf, me } = showing;
  const answered = line.reply === undefined ? undefined : bySid.get(line.reply);
  const answeredName = answered && nameOf(answered.author);
  const { content, isDeleted } = line;
  const offer = content.t === 'data-transfer' && !isDeleted ? content.b : undefined;
  const file = offer && showing.fileOf(line.sid, offer);
  return {
    ...commonView(showing, line.sid, line.author, line.atMs),
    kind: line.kind === 'file' && !file && !line.isDeleted ? 'unsupported' : line.kind,
    ...(file && { file }),
    text: line.isDeleted ? '' : line.text,
    isEdited: line.isEdited,
    isDeleted: line.isDeleted,
    ...(answered && {
      reply: {
        sid: answered.sid,
        text: answered.text,
        ...(answeredName !== undefined && { name: answeredName }),
      },
    }),
    reactions: line.reactions.map(({ emoji, members }) => ({
      emoji,
      count: members.length,
      isMine: members.includes(me),
    })),
  };
}

function callView(showing: Showing, mark: CallMark, note: CallNote): MessageView {
  return {
    ...commonView(showing, mark.sid, mark.author, mark.atMs),
    kind: 'call',
    call: note,
    text: '',
    isEdited: false,
    isDeleted: false,
    reactions: [],
  };
}

function eventView(showing: Showing, op: Op): MessageView {
  const commit = showing.replica.commit(op.sid);
  const say = events[op.envelope.k];
  const { member } = op.author;
  return {
    ...commonView(showing, op.sid, member, (commit?.seconds ?? 0) * 1000),
    kind: 'event',
    text: say?.(showing.nameOf(member) ?? 'Somebody') ?? '',
    isLate: false,
    isEdited: false,
    isDeleted: false,
    reactions: [],
  };
}

function commonView(
  { replica, me, nameOf, isLate, isPending }: Showing,
  sid: string,
  author: string,
  atMs: number,
) {
  const name = nameOf(author);
  return {
    sid,
    author,
    ...(name !== undefined && { name }),
    slot: slotOf(replica.view().mission, author),
    isMine: author === me,
    atMs,
    delivery: isPending(sid) ? ('kept' as const) : ('sent' as const),
    isLate: isLate(sid),
  };
}
