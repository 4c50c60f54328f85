import { thresholds, type Threshold } from '../mission/charter.ts';
import { accepted, refused } from '../verdict.ts';
import { partyOf } from './actions/persons.ts';
import { electorsOf, isAboutReopening, speakersOf } from './actions/reopen.ts';
import { missionActions } from './actions/table.ts';
import type { Chamber } from './chamber.ts';
import { isPartyEffective, leadsOf, type MissionState } from './mission-state.ts';
import { charterOf } from './rules.ts';

/** The mission votes by party; every party neither removed nor withdrawn is a unit (V11). */
export const missionChamber: Chamber<MissionState> = {
  perMember: () => false,

  units: (scene, about) =>
    isAboutReopening(about)
      ? electorsOf(scene)
      : [...scene.state.parties.keys()].filter((party) => isPartyEffective(scene.state, party)),

  voters: ({ state }, unit, about) =>
    isAboutReopening(about) ? speakersOf(state, unit) : leadsOf(state, unit),

  unitOf: (scene, member, about) => {
    const party = scene.state.members.get(member)?.party;
    if (party === undefined) return undefined;
    const isUnit = !isAboutReopening(about) || electorsOf(scene).includes(party);
    const voters = missionChamber.voters(scene, party, about);
    return isUnit && voters.includes(member) ? party : undefined;
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

  suffices: (scene, said, voted) => missionActions.get(said.a)?.suffices?.(scene, voted),

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
