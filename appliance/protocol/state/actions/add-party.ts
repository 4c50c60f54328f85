import { utf8 } from '../../codec/bytes.ts';
import { encode } from '../../codec/canonical-json.ts';
import { deviceFingerprint, memberFingerprint, partyFingerprint } from '../../codec/fingerprint.ts';
import { b64u, fields } from '../../codec/shape.ts';
import { fromB64u } from '../../codec/text-form.ts';
import { verifyBlob } from '../../crypto/verify-strict.ts';
import { subjectKey, verifyCertificate } from '../../identity/certificate.ts';
import {
  isCertificate,
  type Certificate,
  type DeviceBody,
  type MemberBody,
  type PartyBody,
} from '../../identity/certificate-form.ts';
import { maxParties } from '../../mission/charter.ts';
import { accepted, refused } from '../../verdict.ts';
import { checkFresh, withDevice, withMember } from '../enrolment.ts';
import type { Leads, MissionState } from '../mission-state.ts';
import type { Action } from './action.ts';

/** A party that is let in, with its lead and the lead's device. */
export interface Newcomer {
  d: Certificate<DeviceBody>;
  m: Certificate<MemberBody>;
  p: Certificate<PartyBody>;
  /** The party's signature over `newcomerMessage`. */
  s: string;
}

/** Form of a newcomer. */
export const isNewcomer = fields({
  d: isCertificate('device'),
  m: isCertificate('member'),
  p: isCertificate('party'),
  s: b64u(64),
});

/** What the new party signs: that it joins this mission, led by this member (ns `swarm-cert-v1`). */
export function newcomerMessage(cid: string, { m, p }: Pick<Newcomer, 'm' | 'p'>): Uint8Array {
  const lead = memberFingerprint(subjectKey(m.c));
  return utf8(encode({ cid, m: lead, p: partyFingerprint(subjectKey(p.c)), t: 'addparty' }));
}

/** Lets a party in, as a unit like any other. */
export const addParty: Action = {
  applies({ state }, { c, u }) {
    if (c !== 'party') return refused('R25', 'an unknown class');
    if (state.parties.has(u)) return refused('R25', 'the party is here already');
    return state.parties.size < maxParties ? accepted : refused('L4', 'too many parties');
  },

  complete({ state }, { new: newcomer, u }) {
    if (newcomer === undefined) return refused('R5', 'the new party is missing');
    const { d, m, p } = newcomer;
    if (u !== partyFingerprint(subjectKey(p.c))) return refused('R25', 'another party');
    if (m.c.p !== u || m.c.k === 1) return refused('R16', 'the lead is not of this party');
    if (d.c.m !== memberFingerprint(subjectKey(m.c))) return refused('R16', 'the device is of somebody else'); // prettier-ignore
    return checkFresh(state, [p.c.pk, m.c.pk, m.c.x, d.c.pk, d.c.x]);
  },

  async prove(engine, { cid }, { new: newcomer }) {
    if (newcomer === undefined) return refused('R5', 'the new party is missing');
    const { d, m, p, s } = newcomer;
    const key = subjectKey(p.c);
    const chain = [
      [p, key],
      [m, key],
      [d, subjectKey(m.c)],
    ] as const;
    for (const [certificate, issuer] of chain) {
      const verdict = await verifyCertificate(engine, certificate, issuer);
      if (!verdict.ok) return verdict;
    }
    const signature = fromB64u(s, 64) as Uint8Array;
    const message = newcomerMessage(cid, newcomer);
    const isWilling = await verifyBlob(engine, 'swarm-cert-v1', key, message, signature);
    return isWilling ? accepted : refused('R16', 'the party did not sign that it joins');
  },

  carry(state, { op }, { new: newcomer, u }) {
    if (newcomer === undefined) return state;
    const { d, m, p } = newcomer;
    const held = state.parties.get(u);
    const lead = memberFingerprint(subjectKey(m.c));
    const first: Leads = { n: 0, members: [lead], by: [op.sid], isSuspended: false };
    const party = {
      certificate: p,
      slot: state.parties.size,
      device: deviceFingerprint(subjectKey(d.c)),
      hasFound: true,
      ...held,
      leads: held === undefined ? first : withRival(held.leads, lead, op.sid),
    };
    const parties = new Map(state.parties).set(u, party);
    return withDevice(withMember({ ...state, parties } satisfies MissionState, m), d);
  },
};

/** Two resolutions that name different leads suspend the party until its key says which (V11). */
function withRival(held: Leads, lead: string, by: string): Leads {
  if (held.n > 0) return held;
  const isSuspended = held.isSuspended || !held.members.includes(lead);
  return { ...held, by: [...new Set([...held.by, by])].sort(), isSuspended };
}
