import { accepted, refused } from '../../verdict.ts';
import type { Action } from './action.ts';

/** Ends the mission (V13). */
export const close: Action = {
  applies({ cid, state }, { c, u }) {
    if (c !== 'swarm' || u !== cid) return refused('R25', 'close is about the mission');
    return state.closed.length === 0 ? accepted : refused('R25', 'closed already');
  },

  carry: (state, { op }) => ({ ...state, closed: [...state.closed, op.sid].sort() }),
};
