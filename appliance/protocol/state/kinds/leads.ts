import { utf8 } from '../../codec/bytes.ts';
import { encode } from '../../codec/canonical-json.ts';
import { ascending } from '../../codec/envelope.ts';
import { isFingerprint } from '../../codec/fingerprint.ts';
import { b64u, fields, integer, list } from '../../codec/shape.ts';
import { fromB64u } from '../../codec/text-form.ts';
import { verifyBlob } from '../../crypto/verify-strict.ts';
import { subjectKey } from '../../identity/certificate.ts';
import { accepted, refused } from '../../verdict.ts';
import { isGuest } from '../guests.ts';
import { kind } from '../kind.ts';
import type { Leads, MissionState } from '../mission-state.ts';

interface LeadsX {
  m: string[];
  n: number;
  p: string;
  s: string;
}

/** What the party key signs to name its leads (namespace `swarm-cert-v1`). */
export function leadsMessage(cid: string, { m, n, p }: Pick<LeadsX, 'm' | 'n' | 'p'>): Uint8Array {
  return utf8(encode({ cid, m, n, p, t: 'leads' }));
}

/** A party names who speaks for it (V11). */
export const leads = kind<MissionState, LeadsX>({
  shape: fields({
    m: list(isFingerprint, 1, 16),
    n: integer(1, Number.MAX_SAFE_INTEGER),
    p: isFingerprint,
    s: b64u(64),
  }),

  check({ op, state }, x) {
    const party = state.parties.get(x.p);
    if (party === undefined || x.p !== op.author.party) return refused('V11', 'another party');
    if (state.isFrozen) return refused('V7', 'the swarm is frozen');
    if (x.n !== party.leads.n + 1) return refused('V11', 'the number is not the next');
    if (!ascending(x.m)) return refused('R5', 'the leads are not sorted');
    const strangers = x.m.some((member) => state.members.get(member)?.party !== x.p);
    if (x.m.some((member) => isGuest(state, member))) return refused('M12', 'a guest leads nobody');
    return strangers ? refused('V11', 'a lead is not of this party') : accepted;
  },

  async prove(engine, { cid, state }, x) {
    const party = state.parties.get(x.p);
    if (party === undefined) return refused('V11', 'an unknown party');
    const key = subjectKey(party.certificate.c);
    const signature = fromB64u(x.s, 64) as Uint8Array;
    const signed = await verifyBlob(engine, 'swarm-cert-v1', key, leadsMessage(cid, x), signature);
    return signed ? accepted : refused('V11', 'the party did not sign this list');
  },

  apply(state, { op, saw }, x) {
    const party = state.parties.get(x.p);
    if (party === undefined) return state;
    const next = joined(party.leads, x, op.sid, saw);
    return { ...state, parties: new Map(state.parties).set(x.p, { ...party, leads: next }) };
  },
});

/** The next list replaces those it knew; one that did not know another suspends the party. */
function joined(held: Leads, x: LeadsX, sid: string, saw: (sid: string) => boolean): Leads {
  const rivals = held.by.filter((by) => !saw(by));
  if (rivals.length === 0) return { n: x.n, members: x.m, by: [sid], isSuspended: false };
  const isEqual = held.n === x.n && held.members.join() === x.m.join();
  return {
    n: Math.max(held.n, x.n),
    members: x.n > held.n ? x.m : held.members,
    by: [...rivals, sid].sort(),
    isSuspended: held.isSuspended || !isEqual,
  };
}
