import type { PartyView } from '#client/model.ts';
import { slotOf, type NameOf } from '#client/people.ts';
import type { RecordCheck } from '#protocol/export/check-record.ts';
import type { Charter } from '#protocol/mission/charter.ts';
import { readNames, type Names } from '#protocol/mission/names.ts';
import { isMemberEffective, leadsOf, type MissionState } from '#protocol/state/mission-state.ts';
import type { Holder } from './holder.ts';
import type { Library, Person } from './model.ts';
import { conversationOf, openRoom, type Room } from './room.ts';

/** Lets the page draw and answer between two conversations. */
type Breathe = () => Promise<void>;

/** Everything of a checked record that can be shown; without a holder all words stay locked. */
export async function openLibrary(
  { mission, rooms }: RecordCheck,
  holder: Holder | undefined,
  breathe: Breathe,
): Promise<Library> {
  const { state } = mission.view();
  const opened: Room[] = [];
  for (const [cid, replica] of rooms) {
    if (replica.size > 0) opened.push(await openRoom(cid, replica, holder));
    await breathe();
  }
  const nameOf = namesIn(opened);
  const names = namesOf(state.genesis.d.charter, opened, holder);
  const isMember = holder !== undefined && state.members.has(holder.own.member);
  return {
    cid: mission.cid ?? '',
    ...(names && { mission: names.name }),
    parties: partiesOf(state, names),
    hasNames: names !== undefined,
    people: peopleOf(state, nameOf),
    conversations: opened
      .map((room) => conversationOf(room, nameOf, holder))
      .sort((a, b) => firstAt(a) - firstAt(b) || (a.cid < b.cid ? -1 : 1)),
    ...(isMember && { openedAs: slotOf(state, holder.own.member) }),
    firstDayMs: firstDay([...mission.commits()].map(({ seconds }) => seconds)),
  };
}

function firstAt({ entries }: { entries: readonly { atMs: number }[] }): number {
  return entries[0]?.atMs ?? 0;
}

/** The newest name that each member gave itself. */
function namesIn(rooms: readonly Room[]): NameOf {
  const newest = new Map<string, { name: string; atMs: number }>();
  for (const { transcript } of rooms) {
    for (const [member, told] of transcript.names) {
      if (told.atMs >= (newest.get(member)?.atMs ?? 0)) newest.set(member, told);
    }
  }
  return (member) => newest.get(member)?.name;
}

/** The charter's words, from the key file or a message; only those that the genesis names. */
function namesOf(
  charter: Charter,
  rooms: readonly Room[],
  holder: Holder | undefined,
): Names | undefined {
  const told = rooms.flatMap(({ transcript }) => transcript.charters.map(({ text }) => text));
  for (const text of holder?.names === undefined ? told : [holder.names, ...told]) {
    const read = readNames(text, charter);
    if (read.ok) return read.value;
  }
  return undefined;
}

/** Names where they are open, else numbers; slots tell the parties apart. */
function partiesOf({ parties }: MissionState, names: Names | undefined): PartyView[] {
  return [...parties.values()]
    .map(({ slot }) => ({
      slot,
      name: names?.parties[slot]?.name ?? '',
      code: names?.parties[slot]?.code ?? String(slot + 1),
    }))
    .sort((a, b) => a.slot - b.slot);
}

function peopleOf(state: MissionState, nameOf: NameOf): Person[] {
  const leads = new Set([...state.parties.keys()].flatMap((party) => leadsOf(state, party)));
  return [...state.members.keys()]
    .map((id): Person => {
      const name = nameOf(id);
      return {
        id,
        ...(name !== undefined && { name }),
        slot: slotOf(state, id),
        isLead: leads.has(id),
        isGone: !isMemberEffective(state, id),
      };
    })
    .sort(
      (a, b) =>
        a.slot - b.slot ||
        Number(b.isLead) - Number(a.isLead) ||
        (a.name ?? '').localeCompare(b.name ?? '') ||
        (a.id < b.id ? -1 : 1),
    );
}

/** The genesis claims no time; the next commits are of the mission's first day. */
function firstDay(seconds: readonly number[]): number {
  const first = seconds.find((claimed) => claimed > 0) ?? 0;
  return new Date(first * 1000).setHours(0, 0, 0, 0);
}
