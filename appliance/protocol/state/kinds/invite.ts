import { fields } from '../../codec/shape.ts';
import { subjectKey, verifyCertificate } from '../../identity/certificate.ts';
import {
  isCertificate,
  type Certificate,
  type TicketBody,
} from '../../identity/certificate-form.ts';
import { serialOf } from '../../identity/ticket.ts';
import { accepted, refused } from '../../verdict.ts';
import { kind } from '../kind.ts';
import { isOpen, leadsOf, type MissionState } from '../mission-state.ts';

/** L9: invitations of one party that are open at once, so that no party fills the tree. */
const mostOpen = 64;

/** A lead invites in writing (J2). */
export const invite = kind<MissionState, { t: Certificate<TicketBody> }>({
  shape: fields({ t: isCertificate('ticket') }),

  check({ cid, op, state }, { t: { c: ticket } }) {
    const { member, party } = op.author;
    if (!leadsOf(state, party).includes(member)) return refused('J2', 'only a lead invites');
    if (ticket.m !== member || ticket.p !== party)
      return refused('J2', 'the ticket is of another lead');
    if (ticket.serial !== serialOf(subjectKey(ticket)))
      return refused('J2', 'the serial is not that of its key');
    if (ticket.cid !== cid) return refused('J2', 'the ticket is for another mission');
    if (state.tickets.has(ticket.serial)) return refused('J2', 'the serial is taken');
    if (state.isFrozen) return refused('V7', 'the swarm is frozen');
    const own = [...state.tickets.values()].filter(
      (held) => held.certificate.c.p === party && isOpen(held),
    );
    return own.length < mostOpen ? accepted : refused('L9', 'too many open invitations');
  },

  prove(engine, { op, state }, { t }) {
    const lead = state.members.get(op.author.member);
    if (lead === undefined) return Promise.resolve(refused('J2', 'an unknown lead'));
    return verifyCertificate(engine, t, subjectKey(lead.certificate.c));
  },

  apply(state, _act, { t }) {
    if (state.tickets.has(t.c.serial)) return state;
    const ticket = { certificate: t, admitted: [], isRevoked: false };
    return { ...state, tickets: new Map(state.tickets).set(t.c.serial, ticket) };
  },
});
