import { b64u, fields } from '../../codec/shape.ts';
import { accepted, refused } from '../../verdict.ts';
import { kind } from '../kind.ts';
import { leadsOf, type MissionState } from '../mission-state.ts';

/** Records the box's key; the first record is free, a change needs a vote (A1). */
export const box = kind<MissionState, { bk: string }>({
  shape: fields({ bk: b64u(32) }),

  check({ op, state }) {
    if (!leadsOf(state, op.author.party).includes(op.author.member)) {
      return refused('A1', 'only a lead records the box');
    }
    return state.box === undefined ? accepted : refused('A1', 'a change of the box needs a vote');
  },

  // Of two concurrent first records the earlier in display order stays.
  apply: (state, _act, x) => (state.box === undefined ? { ...state, box: x.bk } : state),
});
