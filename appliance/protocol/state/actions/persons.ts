import { accepted, refused, type Verdict } from '../../verdict.ts';
import type { Scene } from '../kind.ts';
import type { MissionState } from '../mission-state.ts';
import { subject, unlifted, withLift, withRemoval, type Class } from '../removal.ts';
import type { Motion } from '../swarm-state.ts';
import type { Action } from './action.ts';

/** Removes a party, member or device of another party. */
export const ban: Action = {
  applies(scene, said) {
    const verdict = aboutOthers(scene, said);
    if (!verdict.ok) return verdict;
    return isBanned(scene, said) ? refused('R25', 'banned already') : accepted;
  },

  carry(state, { op }, { c, u, votes }) {
    const removal = { by: op.sid, kind: 'ban', votes, lifts: [] } as const;
    return { ...state, removals: withRemoval(state.removals, subject(c as Class, u), removal) };
  },
};

/** Lifts every ban on somebody that it knows (R28). */
export const unban: Action = {
  applies(scene, said) {
    const verdict = aboutOthers(scene, said);
    if (!verdict.ok) return verdict;
    return isBanned(scene, said) ? accepted : refused('R25', 'not banned');
  },

  carry(state, { op, saw }, { c, u }) {
    const key = subject(c as Class, u);
    return { ...state, removals: withLift(state.removals, key, 'ban', op.sid, saw) };
  },
};

/** R25: the target is somebody known, and not of the author's own party. */
function aboutOthers({ op, state }: Scene<MissionState>, motion: Motion): Verdict {
  if (!isPersonal(motion.c)) return refused('R25', 'an unknown class');
  const party = partyOf(state, motion);
  if (party === undefined) return refused('R25', 'an unknown target');
  return party === op.author.party ? refused('R25', 'nobody votes about the own party') : accepted;
}

function isBanned({ state }: Scene<MissionState>, { c, u }: Motion): boolean {
  const open = unlifted(state.removals, subject(c as Class, u));
  return open.some(({ kind }) => kind === 'ban');
}

/** The party that a motion about people is about. */
export function partyOf(state: MissionState, { c, u }: Motion): string | undefined {
  if (c === 'party') return state.parties.has(u) ? u : undefined;
  if (c === 'member') return state.members.get(u)?.party;
  if (c === 'device') return state.members.get(state.devices.get(u)?.member ?? '')?.party;
  return undefined;
}

function isPersonal(cls: string): cls is Class {
  return cls === 'party' || cls === 'member' || cls === 'device';
}
