import { b64u, fields } from '../../codec/shape.ts';
import { accepted, refused } from '../../verdict.ts';
import { kind } from '../kind.ts';
import { boxKeys, leadsOf, type MissionState } from '../mission-state.ts';

/** Records the box's key; the first record is free, a change needs a vote (A1). */
export const box = kind<MissionState, { bk: string }>({
  shape: fields({ bk: b64u(32) }),

  check({ op, state }) {
    if (!leadsOf(state, op.author.party).includes(op.author.member)) {
      return refused('A1', 'only a lead records the box');
    }
    return boxKeys(state).length === 0
      ? accepted
      : refused('A1', 'a change of the box needs a vote');
  },

  // All concurrent first records stay: if one won, a lead on an old place could make it the own.
  apply(state, { op, saw }, x) {
    if ([...state.boxes.keys()].some(saw)) return state;
    return { ...state, boxes: new Map(state.boxes).set(op.sid, x.bk) };
  },
});
