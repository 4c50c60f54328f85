import { fields, oneOf } from '../../codec/shape.ts';
import { accepted, refused } from '../../verdict.ts';
import { disputeReasons, type Dispute } from '../end.ts';
import { kind } from '../kind.ts';
import { leadsOf, type MissionState } from '../mission-state.ts';

/** L9: disputes of one party, settled ones included. */
const mostDisputes = 16;

/** A party wants the wipe to wait until a receipt of its own settles this (T7). */
export const dispute = kind<MissionState, Pick<Dispute, 'why'>>({
  shape: fields({ why: oneOf(...disputeReasons) }),

  check({ op, state }, { why }) {
    if (state.closed.length === 0) return refused('V13', 'the mission is not closed');
    const { member, party } = op.author;
    if (!leadsOf(state, party).includes(member)) return refused('T5', 'only a lead disputes');
    const own = [...state.end.disputes.values()].filter((held) => held.party === party);
    if (own.some((held) => held.why === why && !held.isSettled))
      return refused('T5', 'the party says so already');
    return own.length < mostDisputes ? accepted : refused('L9', 'too many disputes of one party');
  },

  apply(state, { op, saw }, { why }) {
    if (!state.closed.some(saw)) return state;
    const made = { by: op.sid, party: op.author.party, why, isSettled: false };
    const disputes = new Map(state.end.disputes).set(op.sid, made);
    return { ...state, end: { ...state.end, disputes } };
  },
});
