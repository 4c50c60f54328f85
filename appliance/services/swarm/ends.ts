import type { Commit } from '#protocol/codec/commit-form.ts';
import { isPartyEffective, type MissionState } from '#protocol/state/mission-state.ts';
import type { Catalogue } from './catalogue.ts';

/** Open ends of one member, and of all parties together (L8). */
const mostOfMember = 4;
const mostOfAll = 64;

/**
 * Whether these commits leave a member or party with more open ends than its share, and more
 * than before. Four members with sixteen devices could otherwise fill all places for good (X10).
 */
export function exceedsEnds(
  catalogue: Catalogue,
  commits: readonly Commit[],
  mission: MissionState,
): boolean {
  const before = byOwner(catalogue.endsWith([]), mission);
  const after = byOwner(catalogue.endsWith(commits), mission);
  const parties = [...mission.parties.keys()].filter((party) => isPartyEffective(mission, party));
  const mostOfParty = Math.max(mostOfMember, Math.floor(mostOfAll / Math.max(parties.length, 1)));
  return [...after].some(([owner, count]) => {
    const most = mission.parties.has(owner) ? mostOfParty : mostOfMember;
    return count > most && count > (before.get(owner) ?? 0);
  });
}

/** Counts by member and by party; devices that the mission does not know belong to nobody. */
function byOwner(ends: ReadonlyMap<string, number>, mission: MissionState): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [device, count] of ends) {
    const member = mission.devices.get(device)?.member;
    const party = member === undefined ? undefined : mission.members.get(member)?.party;
    for (const owner of [member, party]) {
      if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + count);
    }
  }
  return counts;
}
