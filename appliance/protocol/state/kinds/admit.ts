import { memberFingerprint, deviceFingerprint } from '../../codec/fingerprint.ts';
import { b64u, fields } from '../../codec/shape.ts';
import { subjectKey, verifyCertificate } from '../../identity/certificate.ts';
import {
  isCertificate,
  type Certificate,
  type DeviceBody,
  type MemberBody,
} from '../../identity/certificate-form.ts';
import { fitsTicket } from '../../identity/ticket.ts';
import { refused } from '../../verdict.ts';
import { checkFresh, checkShare, withDevice, withMember } from '../enrolment.ts';
import { kind } from '../kind.ts';
import { leadsOf, type MissionState } from '../mission-state.ts';

interface Admit {
  d: Certificate<DeviceBody>;
  m: Certificate<MemberBody>;
  t?: string;
}

/** L4: people of a mission, those who are gone included; an equal share for each party (L9). */
const mostMembers = 2048;

/** A lead admits somebody to the own party, with a first device (J4). */
export const admit = kind<MissionState, Admit>({
  shape: fields({ d: isCertificate('device'), m: isCertificate('member') }, { t: b64u(16) }),

  check({ op, state }, { d, m, t }) {
    const { member, party } = op.author;
    if (!leadsOf(state, party).includes(member)) return refused('J4', 'only a lead admits');
    if (m.c.p !== party) return refused('J4', 'a person of another party');
    if (state.isFrozen) return refused('V7', 'the swarm is frozen');
    if (m.c.k === 1) return refused('M12', 'guests are not in this version');
    const mfp = memberFingerprint(subjectKey(m.c));
    if (d.c.m !== mfp) return refused('R16', 'the device is of somebody else');
    if (state.members.has(mfp) || state.devices.has(deviceFingerprint(subjectKey(d.c)))) {
      return refused('R24', 'the person or device was here before');
    }
    const own = [...state.members.values()].filter((held) => held.party === party);
    if (own.length >= Math.floor(mostMembers / state.parties.size))
      return refused('L9', "the party's share of people is used up");
    if (t !== undefined) {
      const ticket = state.tickets.get(t);
      if (ticket?.certificate.c.p !== party) return refused('J4', 'no such invitation');
      if (ticket.isRevoked) return refused('J7', 'the invitation was revoked');
      if (ticket.admitted.length >= ticket.certificate.c.n) return refused('J5', 'used up');
      const fits = fitsTicket(m.c, ticket.certificate.c);
      if (!fits.ok) return fits;
    }
    const fresh = checkFresh(state, [m.c.pk, m.c.x, d.c.pk, d.c.x]);
    return fresh.ok ? checkShare(state, party, mfp) : fresh;
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
    const ticket = t === undefined ? undefined : state.tickets.get(t);
    if (ticket === undefined || ticket.admitted.includes(mfp)) return next;
    const used = { ...ticket, admitted: [...ticket.admitted, mfp] };
    return { ...next, tickets: new Map(state.tickets).set(ticket.certificate.c.serial, used) };
  },
});
