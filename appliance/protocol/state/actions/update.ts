import { accepted, refused } from '../../verdict.ts';
import type { Action } from './action.ts';

/** L1: updates that one mission approves. */
const mostUpdates = 256;

/** Approves an update of the box: the target is the hash of its manifest. */
export const update: Action = {
  applies({ state }, { c, u }) {
    if (c !== 'box') return refused('R25', 'an update is about the box');
    if (state.updates.includes(u)) return refused('R25', 'approved already');
    return state.updates.length < mostUpdates ? accepted : refused('L1', 'too many updates');
  },

  carry: (state, _act, { u }) => ({
    ...state,
    updates: [...new Set([...state.updates, u])].sort(),
  }),
};
