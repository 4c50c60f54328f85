import { accepted, refused, type Verdict } from '../verdict.ts';
import type { Chamber } from './chamber.ts';
import type { Scene } from './kind.ts';
import { isPartyEffective, leadsOf, type MissionState } from './mission-state.ts';
import { subject, unlifted, withLift, withRemoval, type Class } from './removal.ts';
import { contradictingUnits, withoutKnown, type Motion } from './swarm-state.ts';
import { thresholds, type Threshold } from '../mission/charter.ts';

/** The mission votes by party; every party neither removed nor withdrawn is a unit (V11). */
export const missionChamber: Chamber<MissionState> = {
  perMember: () => false,

  units: ({ state }) => [...state.parties.keys()].filter((party) => isPartyEffective(state, party)),

  voters: ({ state }, unit) => leadsOf(state, unit),

  unitOf: ({ state }, member) => {
    const party = state.members.get(member)?.party;
    return party !== undefined && leadsOf(state, party).includes(member) ? party : undefined;
  },

  targetUnit: (scene, motion) => (motion.a === 'reinstate' ? undefined : partyOf(scene, motion)),

  removes: (_scene, { a, c, u }) => (a === 'ban' && c === 'party' ? u : undefined),

  threshold: (state, action) => charterThreshold(state, action),

  applies(scene, motion): Verdict {
    const { op, cid, state } = scene;
    const { a, c, u } = motion;
    if (a === 'close') {
      if (c !== 'swarm' || u !== cid) return refused('R25', 'close is about the mission');
      return state.closed.length === 0 ? accepted : refused('R25', 'closed already');
    }
    if (!isPersonal(c)) return refused('R25', 'an unknown class');
    const party = partyOf(scene, motion);
    if (party === undefined) return refused('R25', 'an unknown target');
    if (party === op.author.party) return refused('R25', 'nobody votes about the own party');
    const open = unlifted(state.removals, subject(c, u));
    const isBanned = open.some(({ kind }) => kind === 'ban');
    if (a === 'ban') return isBanned ? refused('R25', 'banned already') : accepted;
    if (a === 'unban') return isBanned ? accepted : refused('R25', 'not banned');
    if (a === 'reinstate' && c === 'party') {
      return contradictingUnits(state).includes(u)
        ? accepted
        : refused('R25', 'nothing to reinstate');
    }
    return refused('R25', 'not an action of this version');
  },

  carry(state, { op, saw }, { a, c, u }, votes) {
    if (a === 'close') return { ...state, closed: [...state.closed, op.sid].sort() };
    if (a === 'reinstate') {
      return { ...state, contradictions: withoutKnown(state.contradictions, u, saw) };
    }
    if (!isPersonal(c)) return state;
    const key = subject(c, u);
    if (a === 'unban') {
      return { ...state, removals: withLift(state.removals, key, 'ban', op.sid, saw) };
    }
    const removal = { by: op.sid, kind: 'ban', votes, lifts: [] } as const;
    return { ...state, removals: withRemoval(state.removals, key, removal) };
  },
};

/** What the charter says about an action; what it does not name needs what a ban needs. */
function charterThreshold({ genesis }: MissionState, action: string): Threshold {
  const charter: { [key: string]: unknown } = { ...genesis.d.charter };
  const named = charter[action] ?? charter['ban'];
  return thresholds.find((threshold) => threshold === named) ?? 'all';
}

function partyOf({ state }: Scene<MissionState>, { c, u }: Motion): string | undefined {
  if (c === 'party') return state.parties.has(u) ? u : undefined;
  if (c === 'member') return state.members.get(u)?.party;
  if (c === 'device') return state.members.get(state.devices.get(u)?.member ?? '')?.party;
  return undefined;
}

function isPersonal(cls: string): cls is Class {
  return cls === 'party' || cls === 'member' || cls === 'device';
}
