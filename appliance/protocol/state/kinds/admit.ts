import { memberFingerprint, deviceFingerprint } from '../../codec/fingerprint.ts';
import { b64u, fields } from '../../codec/shape.ts';
import { certificateId, subjectKey, verifyCertificate } from '../../identity/certificate.ts';
import {
  isCertificate,
  type Certificate,
  type DeviceBody,
  type MemberBody,
} from '../../identity/certificate-form.ts';
import { fitsTicket } from '../../identity/ticket.ts';
import { accepted, refused } from '../../verdict.ts';
import { checkNewcomer, withDevice, withMember, withUse } from '../enrolment.ts';
import { kind } from '../kind.ts';
import { leadsOf, type MissionState } from '../mission-state.ts';

interface Admit {
  d: Certificate<DeviceBody>;
  m: Certificate<MemberBody>;
  t?: string;
}

/** A lead admits somebody to the own party, with a first device (J4), or for good who joined alone (J6). */
export const admit = kind<MissionState, Admit>({
  shape: fields({ d: isCertificate('device'), m: isCertificate('member') }, { t: b64u(16) }),

  check({ op, state }, { d, m, t }) {
    const { member, party } = op.author;
    if (!leadsOf(state, party).includes(member)) return refused('J4', 'only a lead admits');
    if (m.c.p !== party) return refused('J4', 'a person of another party');
    if (state.isFrozen) return refused('V7', 'the swarm is frozen');
    const joined = joinedBefore(state, m, d);
    if (joined !== undefined)
      return t === undefined || t === joined ? accepted : refused('J6', 'joined by another ticket');
    if (t !== undefined) {
      const ticket = state.tickets.get(t);
      if (ticket?.certificate.c.p !== party) return refused('J4', 'no such invitation');
      if (ticket.isRevoked) return refused('J7', 'the invitation was revoked');
      if (ticket.admitted.length >= ticket.certificate.c.n) return refused('J5', 'used up');
      const fits = fitsTicket(m.c, ticket.certificate.c);
      if (!fits.ok) return fits;
    }
    return checkNewcomer(state, m, d);
  },

  async prove(engine, { op, state }, { d, m }) {
    const party = state.parties.get(op.author.party);
    if (party === undefined) return refused('R16', 'an unknown party');
    const member = await verifyCertificate(engine, m, subjectKey(party.certificate.c));
    return member.ok ? verifyCertificate(engine, d, subjectKey(m.c)) : member;
  },

  apply(state, _act, { d, m, t }) {
    const mfp = memberFingerprint(subjectKey(m.c));
    const next = withDevice(withMember(state, m), d);
    return t === undefined ? next : withUse(next, t, mfp);
  },

  isRetroactive: (state, { m, t }) =>
    state.tickets.get(t ?? '')?.certificate.c.dg === 1 ||
    state.members.get(memberFingerprint(subjectKey(m.c)))?.ticket !== undefined,
});

/** J6: the ticket by which this very person joined alone, whom a lead now admits for good. */
function joinedBefore(
  state: MissionState,
  m: Certificate<MemberBody>,
  d: Certificate<DeviceBody>,
): string | undefined {
  const member = memberFingerprint(subjectKey(m.c));
  const held = state.members.get(member);
  if (held?.ticket === undefined || certificateId(held.certificate) !== certificateId(m))
    return undefined;
  const device = state.devices.get(deviceFingerprint(subjectKey(d.c)));
  return device?.member === member ? held.ticket : undefined;
}
