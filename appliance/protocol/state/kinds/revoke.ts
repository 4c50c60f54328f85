import { b64u, fields } from '../../codec/shape.ts';
import { accepted, refused } from '../../verdict.ts';
import { kind } from '../kind.ts';
import { leadsOf, type MissionState } from '../mission-state.ts';

/** A lead takes an invitation of the own party back (J7). */
export const revoke = kind<MissionState, { t: string }>({
  shape: fields({ t: b64u(16) }),

  check({ op, state }, x) {
    const { member, party } = op.author;
    const ticket = state.tickets.get(x.t);
    if (ticket?.certificate.c.p !== party) return refused('J7', 'no such invitation of this party');
    if (!leadsOf(state, party).includes(member)) return refused('J7', 'only a lead revokes');
    return ticket.isRevoked ? refused('J7', 'revoked already') : accepted;
  },

  apply(state, _act, x) {
    const ticket = state.tickets.get(x.t);
    if (ticket === undefined) return state;
    return { ...state, tickets: new Map(state.tickets).set(x.t, { ...ticket, isRevoked: true }) };
  },
});
