import { utf8 } from '../../codec/bytes.ts';
import { encode } from '../../codec/canonical-json.ts';
import { b64u, fields } from '../../codec/shape.ts';
import { fromB64u } from '../../codec/text-form.ts';
import { verifyBlob } from '../../crypto/verify-strict.ts';
import { subjectKey } from '../../identity/certificate.ts';
import { accepted, refused } from '../../verdict.ts';
import { kind } from '../kind.ts';
import { leadsOf, type MissionState } from '../mission-state.ts';
import { subject, withRemoval } from '../removal.ts';

/** What the party key signs to withdraw (namespace `swarm-cert-v1`). */
export function withdrawMessage(cid: string, party: string): Uint8Array {
  return utf8(encode({ cid, p: party, t: 'withdraw' }));
}

/** A party leaves the mission with all its people (M9). */
export const withdraw = kind<MissionState, { s: string }>({
  shape: fields({ s: b64u(64) }),

  check({ op, state }) {
    const isLead = leadsOf(state, op.author.party).includes(op.author.member);
    return isLead ? accepted : refused('R23', 'only a lead withdraws a party');
  },

  async prove(engine, { cid, op, state }, x) {
    const { party } = op.author;
    const held = state.parties.get(party);
    if (held === undefined) return refused('R23', 'an unknown party');
    const key = subjectKey(held.certificate.c);
    const signature = fromB64u(x.s, 64) as Uint8Array;
    const message = withdrawMessage(cid, party);
    const signed = await verifyBlob(engine, 'swarm-cert-v1', key, message, signature);
    return signed ? accepted : refused('R23', 'the party did not sign this');
  },

  apply(state, { op }) {
    const key = subject('party', op.author.party);
    const removal = { by: op.sid, kind: 'left', votes: [], lifts: [] } as const;
    return { ...state, removals: withRemoval(state.removals, key, removal) };
  },
});
