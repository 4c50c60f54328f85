import { accepted, refused } from '../../verdict.ts';
import { contradictingUnits, withoutKnown } from '../swarm-state.ts';
import type { Action } from './action.ts';

/** Lets a party vote again that voted for two things at once (V3). */
export const reinstate: Action = {
  applies({ op, state }, { c, u }) {
    if (c !== 'party' || !state.parties.has(u)) return refused('R25', 'an unknown target');
    if (u === op.author.party) return refused('R25', 'nobody votes about the own party');
    return contradictingUnits(state).includes(u)
      ? accepted
      : refused('R25', 'nothing to reinstate');
  },

  carry: (state, { saw }, { u }) => ({
    ...state,
    contradictions: withoutKnown(state.contradictions, u, saw),
  }),
};
