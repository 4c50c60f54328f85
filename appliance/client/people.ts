import { isMemberEffective, leadsOf, type MissionState } from '#protocol/state/mission-state.ts';
import type { PersonView } from './model.ts';

/** What is known of people's names: their own words, sealed for everybody else. */
export type NameOf = (member: string) => string | undefined;

/** The colour slot of a member's party; 0 for somebody unknown. */
export function slotOf(mission: MissionState, member: string): number {
  return mission.parties.get(mission.members.get(member)?.party ?? '')?.slot ?? 0;
}

/** Everybody in the mission: oneself first, then party by party, leads first, by name. */
export function peopleOf(mission: MissionState, me: string, nameOf: NameOf): PersonView[] {
  const leads = new Set([...mission.parties.keys()].flatMap((party) => leadsOf(mission, party)));
  const people = [...mission.members.keys()]
    .filter((member) => isMemberEffective(mission, member))
    .map((id): PersonView => {
      const name = nameOf(id);
      return {
        id,
        ...(name !== undefined && { name }),
        slot: slotOf(mission, id),
        isLead: leads.has(id),
        isMe: id === me,
      };
    });
  return people.sort(
    (a, b) =>
      Number(b.isMe) - Number(a.isMe) ||
      a.slot - b.slot ||
      Number(b.isLead) - Number(a.isLead) ||
      (a.name ?? '').localeCompare(b.name ?? '') ||
      (a.id < b.id ? -1 : 1),
  );
}
