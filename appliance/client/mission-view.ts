import { foundingHash } from '#protocol/mission/founding.ts';
import { readNames } from '#protocol/mission/names.ts';
import { safetyCode } from '#protocol/mission/safety-code.ts';
import { isInside } from '#protocol/state/child-state.ts';
import { isDeviceEffective, type MissionState } from '#protocol/state/mission-state.ts';
import { callViews } from './calls/call-view.ts';
import { callNotes } from './calls/call-log.ts';
import type { Boards } from './boards/boards.ts';
import type { BoardView } from './call-model.ts';
import type { Calls } from './calls/calls.ts';
import type { Closing } from './closing/closing.ts';
import type { Files } from './files/files.ts';
import { charterView } from './charter-view.ts';
import type { DeviceView, OldDeviceView } from './linking/linking-model.ts';
import { messageViews } from './message-views.ts';
import type {
  CharterView,
  ClaimView,
  ConversationView,
  InvitationView,
  MessageView,
  MissionView,
} from './model.ts';
import { peopleOf, slotOf, type NameOf } from './people.ts';
import type { OpenRoom } from './rooms.ts';
import type { SelfRecord } from './self.ts';
import type { Votes } from './votes/votes.ts';

/** What a mission looks like at one moment. */
export interface Moment {
  state: MissionState;
  /** This member and device. */
  me: string;
  dfp: string;
  record: SelfRecord;
  rooms: readonly OpenRoom[];
  invitations: readonly InvitationView[];
  claims: readonly ClaimView[];
  calls: Calls;
  files: Files;
  votes: Votes;
  closing: Closing;
  linking: OldDeviceView | undefined;
  devices: readonly DeviceView[];
}

/** The whole mission for the screens. */
export function missionView(moment: Moment): MissionView {
  const { state, me, record, rooms, invitations, claims } = moment;
  const nameOf = namesIn(moment);
  const people = peopleOf(state, me, nameOf);
  const own = people.find(({ isMe }) => isMe);
  const closing = moment.closing.view();
  return {
    charter: charterOfMission(state, record),
    code: safetyCode(foundingHash(state.genesis)),
    compared: (record.compared ?? [])
      .flatMap(([party]) => state.parties.get(party)?.slot ?? [])
      .sort((a, b) => a - b),
    me: own ?? {
      id: me,
      name: record.displayName,
      slot: slotOf(state, me),
      isLead: false,
      isMe: true,
    },
    people,
    conversations: rooms
      .filter(({ room }) => isInside(room.statusOf(me)))
      .map((open) => conversationView(moment, open, nameOf))
      .sort((a, b) => (b.last?.atMs ?? 0) - (a.last?.atMs ?? 0)),
    invitations,
    claims,
    ongoing: moment.calls.ongoing(),
    ...(moment.calls.isThroughBox && { callsThroughBox: true }),
    votes: moment.votes.views(),
    ...(closing && { closing }),
    devices: moment.devices,
    ...(moment.linking && { linking: moment.linking }),
  };
}

/** Equal exactly when the messages of a room would be: to keep a list that did not change. */
export function messagesKey(moment: Moment, { room, reading }: OpenRoom): string {
  const { replica, outbox } = room.swarm;
  const names = [...moment.state.members.keys()].map(namesIn(moment));
  const { held } = room.keys.ring;
  const pending = outbox.pending.map(({ q }) => q);
  const versions = [reading.version, moment.files.version];
  const counts = [replica.size, moment.state.members.size, held.length, ...versions];
  return JSON.stringify([counts, outbox.head?.q, pending, names]);
}

/** What rings, and the call that is on, for the screens. */
export function callsOf(moment: Moment): ReturnType<typeof callViews> {
  const { calls, dfp, me, rooms, state } = moment;
  return callViews(calls, {
    me: { device: dfp, member: me },
    nameOf: namesIn(moment),
    slotOf: (member) => slotOf(state, member),
    titleOf: (cid) => rooms.find(({ room }) => room.cid === cid)?.reader.read().title ?? '',
  });
}

/** The messages of one room for the screens. */
export function messagesOf(moment: Moment, { room, reader, reading }: OpenRoom): MessageView[] {
  if (!room.swarm.isKnown) return [];
  const { calls, lines } = reader.read();
  return messageViews({
    replica: room.swarm.replica,
    lines,
    calls,
    notes: callNotes(calls, (device) => moment.calls.circle.isIn(room.cid, device)),
    fileOf: (sid, offer) => moment.files.view(sid, offer),
    outgoing: moment.files.outgoing(room.cid),
    me: moment.me,
    nameOf: namesIn(moment),
    isPending: (sid) => room.swarm.outbox.isPending(sid),
    isLate: (sid) => reading.isLate(sid),
  });
}

/** A board that is open, for the screens. */
export function boardView(moment: Moment, boards: Boards, id: string): BoardView | undefined {
  const nameOf = namesIn(moment);
  return boards.view(id, (device) => {
    const member = moment.calls.circle.memberOf(device);
    const name = member && nameOf(member);
    return { slot: slotOf(moment.state, member ?? ''), ...(name !== undefined && { name }) };
  });
}

/** The charter's words if they are here and are the charter's; else what the invitation said. */
export function charterOfMission(state: MissionState, record: SelfRecord): CharterView {
  const { charter } = state.genesis.d;
  const read = record.names === undefined ? undefined : readNames(record.names, charter);
  if (read?.ok) return charterView(charter, read.value);
  const own = state.parties.get(record.party)?.slot;
  const parties = Array.from({ length: charter.n }, (_, slot) => ({
    name: slot === own ? record.partyName : String(slot + 1),
    code: slot === own ? record.partyName.slice(0, 1) : String(slot + 1),
  }));
  return charterView(charter, { name: record.mission, purpose: '', parties });
}

/** Names that people gave themselves in rooms of this device; one's own is known at once. */
function namesIn({ rooms, me, record }: Moment): NameOf {
  const newest = new Map<string, { name: string; atMs: number }>();
  for (const { reader } of rooms) {
    for (const [member, told] of reader.read().names) {
      if (told.atMs >= (newest.get(member)?.atMs ?? 0)) newest.set(member, told);
    }
  }
  return (member) => (member === me ? record.displayName : newest.get(member)?.name);
}

function conversationView(moment: Moment, open: OpenRoom, nameOf: NameOf): ConversationView {
  const { room, reader, reading, progress } = open;
  const { me, state } = moment;
  const { replica } = room.swarm;
  const child = replica.view().state;
  const { lines, title } = reader.read();
  const texts = lines.filter(({ kind }) => kind === 'text');
  const last = texts.at(-1);
  const author = last && nameOf(last.author);
  const readOnly = whyReadOnly(moment, open);
  return {
    cid: room.cid,
    title: title ?? '',
    memberCount: [...child.people.keys()].filter((member) => isInside(room.statusOf(member)))
      .length,
    unread: reading.unread(replica, texts, me),
    ...(last && {
      last: {
        ...(author !== undefined && { author }),
        slot: slotOf(state, last.author),
        text: last.text,
        atMs: last.atMs,
        isMine: last.author === me,
      },
    }),
    ...(readOnly !== undefined && { readOnly }),
    history: child.genesis.hist,
    ...(progress && { loading: progress }),
  };
}

function whyReadOnly({ me, dfp, state }: Moment, { room }: OpenRoom): string | undefined {
  const child = room.swarm.replica.view().state;
  if (room.swarm.fault === 'DEVICE_SET_BACK') {
    return 'This browser was put back to an older state. It writes nothing more.';
  }
  if (room.swarm.fault === 'STORAGE_FAILED') {
    return 'This device could not keep a message. Open the app again.';
  }
  if (state.closed.length > 0) return 'The mission is closed.';
  if (child.closed.length > 0) return 'This conversation is closed.';
  if (!isDeviceEffective(state, dfp)) return 'You are no longer part of this mission.';
  if (child.genesis.post === 'admin' && room.statusOf(me) !== 'admin') {
    return 'Only admins can write here.';
  }
  return undefined;
}
