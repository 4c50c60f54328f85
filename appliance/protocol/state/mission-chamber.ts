import { thresholds, type Threshold } from '../mission/charter.ts';
import { accepted, refused } from '../verdict.ts';
import { partyOf } from './actions/persons.ts';
import { missionActions } from './actions/table.ts';
import type { Chamber } from './chamber.ts';
import { isPartyEffective, leadsOf, type MissionState } from './mission-state.ts';
import { charterOf } from './rules.ts';

/** The mission votes by party; every party neither removed nor withdrawn is a unit (V11). */
export const missionChamber: Chamber<MissionState> = {
  perMember: () => false,

  units: ({ state }) => [...state.parties.keys()].filter((party) => isPartyEffective(state, party)),

  voters: ({ state }, unit) => leadsOf(state, unit),

  unitOf: ({ state }, member) => {
    const party = state.members.get(member)?.party;
    return party !== undefined && leadsOf(state, party).includes(member) ? party : undefined;
  },

  targetUnit: ({ state }, motion) => {
    if (motion.a === 'reinstate') return undefined;
    return motion.a === 'addparty' ? motion.u : partyOf(state, motion);
  },

  removes: (_scene, { a, c, u }) => (a === 'ban' && c === 'party' ? u : undefined),

  threshold: (state, action) => charterThreshold(state, action),

  applies: (scene, said) =>
    missionActions.get(said.a)?.applies(scene, said) ??
    refused('R25', 'not an action of this version'),

  complete: (scene, said) => missionActions.get(said.a)?.complete?.(scene, said) ?? accepted,

  prove: async (engine, scene, said) =>
    (await missionActions.get(said.a)?.prove?.(engine, scene, said)) ?? accepted,

  carry: (state, act, resolution) =>
    missionActions.get(resolution.a)?.carry(state, act, resolution) ?? state,
};

/** What the charter says about an action; what it does not name needs what a ban needs. */
function charterThreshold(state: MissionState, action: string): Threshold {
  const charter: { [key: string]: unknown } = { ...charterOf(state) };
  const named = charter[action] ?? charter['ban'];
  return thresholds.find((threshold) => threshold === named) ?? 'all';
}
