import { deviceFingerprint, memberFingerprint } from '../../codec/fingerprint.ts';
import { b64u, fields } from '../../codec/shape.ts';
import { subjectKey, verifyCertificate } from '../../identity/certificate.ts';
import {
  isCertificate,
  type Certificate,
  type DeviceBody,
  type MemberBody,
} from '../../identity/certificate-form.ts';
import { fitsTicket, verifyDelegated } from '../../identity/ticket.ts';
import { refused } from '../../verdict.ts';
import { checkNewcomer, withDevice, withMember, withUse } from '../enrolment.ts';
import { kind } from '../kind.ts';
import { leadsOf, type MissionState } from '../mission-state.ts';

/** `x` of a person who joins alone. */
export interface DelegatedJoin {
  d: Certificate<DeviceBody>;
  m: Certificate<MemberBody>;
  t: string;
}

/** Somebody with a delegating ticket joins while no lead is there (J5), as the own first commit. */
export const delegatedJoin = kind<MissionState, DelegatedJoin>({
  shape: fields({ d: isCertificate('device'), m: isCertificate('member'), t: b64u(16) }),

  check({ state }, { d, m, t }) {
    const ticket = state.tickets.get(t);
    if (ticket === undefined) return refused('J5', 'no such invitation');
    if (ticket.isRevoked) return refused('J7', 'the invitation was revoked');
    const { c } = ticket.certificate;
    if (c.dg !== 1) return refused('J5', 'the invitation does not delegate');
    if (ticket.admitted.length >= c.n) return refused('J5', 'used up');
    if (!leadsOf(state, c.p).includes(c.m)) return refused('J5', 'its lead is none any more');
    const fits = fitsTicket(m.c, c);
    return fits.ok ? checkNewcomer(state, m, d) : fits;
  },

  async prove(engine, { state }, { d, m, t }) {
    const ticket = state.tickets.get(t);
    if (ticket === undefined) return refused('J5', 'no such invitation');
    const member = await verifyDelegated(engine, m, ticket.certificate);
    return member.ok ? verifyCertificate(engine, d, subjectKey(m.c)) : member;
  },

  introduces(x, mission) {
    const party = mission.tickets.get(x.t)?.certificate.c.p;
    if (party === undefined || party !== x.m.c.p) return undefined;
    const member = memberFingerprint(subjectKey(x.m.c));
    return { device: deviceFingerprint(subjectKey(x.d.c)), member, party };
  },

  isRetroactive: () => true,

  apply(state, { op }, { d, m, t }) {
    const next = withDevice(withMember(withUse(state, t, op.author.member), m), d);
    const held = next.members.get(op.author.member);
    if (held === undefined || state.members.has(op.author.member)) return next;
    const isPending = state.pendingClaims.includes(op.sid);
    const joined = { ...held, ticket: t, ...(isPending && { isPending: true as const }) };
    return { ...next, members: new Map(next.members).set(op.author.member, joined) };
  },
});
