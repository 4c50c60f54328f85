import type { Threshold } from '#protocol/mission/charter.ts';
import { endUnits } from '#protocol/state/end.ts';
import { missionChamber } from '#protocol/state/mission-chamber.ts';
import { leadsOf, type MissionState } from '#protocol/state/mission-state.ts';
import { contradictingUnits, motionKey, type Motion } from '#protocol/state/swarm-state.ts';
import { carries } from '#protocol/state/threshold.ts';
import { partyAgainst } from './motions.ts';

/** How a motion stands by its open ballots. */
export interface Count {
  /** Parties that vote about it, by fingerprint: all units but the one that it is against. */
  units: readonly string[];
  yes: readonly string[];
  no: readonly string[];
  threshold: Threshold;
  needed: number;
  /** Ballots for it that a resolution lists, sorted; more than enough do no harm. */
  ballots: readonly string[];
}

/** Counts as R26 does: a party has spoken when more than half of its leads have. */
export function countOf(state: MissionState, motion: Motion): Count {
  const all = endUnits(state);
  const against = partyAgainst(state, motion);
  const key = motionKey(motion);
  const held = [...state.ballots.values()].filter((ballot) => motionKey(ballot.motion) === key);
  const by = (unit: string, isAgainst: boolean): string[] => {
    const voters = leadsOf(state, unit);
    // One ballot a lead: two devices may have voted at once, and for both counts for neither.
    const sids = voters.flatMap((lead) => {
      const own = held.filter(({ member }) => member === lead);
      const isOne = own.every((one) => (one.isAgainst ?? false) === isAgainst);
      return isOne ? (own[0]?.by ?? []) : [];
    });
    return 2 * sids.length > voters.length ? sids : [];
  };
  const units = all.filter((unit) => unit !== against);
  const threshold = missionChamber.threshold(state, motion.a);
  const targetIsUnit = against !== undefined && all.includes(against);
  return {
    units,
    yes: units.filter((unit) => by(unit, false).length > 0),
    no: units.filter((unit) => by(unit, true).length > 0),
    threshold,
    needed: neededOf(threshold, all.length, targetIsUnit),
    ballots: units.flatMap((unit) => by(unit, false)).sort(),
  };
}

/** Fewest yes votes that carry (V10); one more than there are if no number does. */
export function neededOf(threshold: Threshold, units: number, targetIsUnit: boolean): number {
  let voted = 1;
  while (voted <= units && !carries(threshold, { voted, units, targetIsUnit })) voted += 1;
  return voted;
}

/** Whether a member votes for its party about this now (R25, V3). */
export function canVote(state: MissionState, member: string, motion: Motion): boolean {
  const party = state.members.get(member)?.party ?? '';
  return (
    state.closed.length === 0 &&
    leadsOf(state, party).includes(member) &&
    !contradictingUnits(state).includes(party) &&
    partyAgainst(state, motion) !== party
  );
}
