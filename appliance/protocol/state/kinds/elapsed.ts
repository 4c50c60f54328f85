import { isFingerprint } from '../../codec/fingerprint.ts';
import { fields } from '../../codec/shape.ts';
import { accepted, refused } from '../../verdict.ts';
import { isCloseFinal } from '../end.ts';
import { kind } from '../kind.ts';
import { isPartyEffective, leadsOf, type MissionState } from '../mission-state.ts';

/** A party has waited long enough for another, by its own clock, since the close was final (T6). */
export const elapsed = kind<MissionState, { p: string }>({
  shape: fields({ p: isFingerprint }),

  check({ op, state }, { p }) {
    if (state.closed.length === 0) return refused('V13', 'the mission is not closed');
    const { member, party } = op.author;
    if (!leadsOf(state, party).includes(member))
      return refused('T6', 'only a lead says that the time is over');
    if (!isCloseFinal(state)) return refused('T6', 'the close is not final yet');
    if (!isPartyEffective(state, p)) return refused('T6', 'nobody waits for this party');
    const isSaid = [...state.end.elapsed.values()].some(
      (held) => held.party === party && held.of === p,
    );
    return isSaid ? refused('T6', 'the party has said so already') : accepted;
  },

  apply(state, { op, saw }, { p }) {
    if (!state.closed.some(saw)) return state;
    const made = { by: op.sid, party: op.author.party, of: p };
    const said = new Map(state.end.elapsed).set(op.sid, made);
    return { ...state, end: { ...state.end, elapsed: said } };
  },
});
