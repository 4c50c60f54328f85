import { memberFingerprint } from '../codec/fingerprint.ts';
import { H, H32 } from '../codec/hash.ts';
import { toB64u } from '../codec/text-form.ts';
import { seedSigner, type Signer } from '../crypto/sign.ts';
import type { Engine } from '../ports.ts';
import { accepted, refused, type Verdict } from '../verdict.ts';
import { apply, issue, subjectKey, verifySignatures } from './certificate.ts';
import type { Certificate, MemberBody, TicketBody } from './certificate-form.ts';
import { freshId } from './issue.ts';

/** What the 32-byte secret in an invitation's code gives its holder (J2, J3). */
export interface TicketKeys {
  signer: Signer;
  /** Seals the claimant's name for the lead, who knows the secret too. */
  sealingKey: Uint8Array;
}

/** What a lead decides about an invitation. */
export interface TicketTerms {
  cid: string;
  party: string;
  kind: TicketBody['kind'];
  uses: number;
  rooms: readonly string[];
  delegating: boolean;
}

/** The keys of a ticket's secret; the box only ever sees the public one. */
export function ticketKeys(secret: Uint8Array): TicketKeys {
  return {
    signer: seedSigner(H32('inv-sign', secret)),
    sealingKey: H32('inv-seal', secret),
  };
}

/**
 * The ticket's name in commits and claims: 16 bytes, made of the secret, so that whoever scans
 * the code knows it without asking anybody.
 */
export function ticketSerial(secret: Uint8Array): string {
  return serialOf(ticketKeys(secret).signer.publicKey);
}

/** The serial that belongs to a ticket's key: nobody else can issue a ticket with that name (J2). */
export function serialOf(ipk: Uint8Array): string {
  return toB64u(H('ticket', ipk).subarray(0, 16));
}

/** Issues an invitation by a lead's member key. */
export async function issueTicket(
  engine: Engine,
  lead: Signer,
  secret: Uint8Array,
  terms: TicketTerms,
): Promise<Certificate<TicketBody>> {
  const { signer } = ticketKeys(secret);
  const body: TicketBody = {
    v: 1,
    t: 'ticket',
    id: freshId(engine),
    cid: terms.cid,
    p: terms.party,
    ipk: toB64u(signer.publicKey),
    kind: terms.kind,
    n: terms.uses,
    rooms: [...terms.rooms],
    serial: ticketSerial(secret),
    m: memberFingerprint(lead.publicKey),
    ...(terms.delegating && { dg: 1 }),
  };
  return issue(await apply(body, signer), lead);
}

/** Whether a person who joins with this ticket asks for no more than it gives. */
export function fitsTicket(member: MemberBody, ticket: TicketBody): Verdict {
  if (member.p !== ticket.p) return refused('J3', 'the ticket is of another party');
  const isGuest = member.k === 1;
  if (isGuest !== (ticket.kind === 'guest')) return refused('J5', 'guest and ticket do not fit');
  if (!isGuest) return accepted;
  const fits = member.rooms?.every((room) => ticket.rooms.includes(room)) ?? false;
  return fits ? accepted : refused('J5', 'a room that the ticket does not name');
}

/** J5: a member certificate signed by the key of a delegating ticket. The ticket itself is checked before. */
export async function verifyDelegated(
  engine: Engine,
  member: Certificate<MemberBody>,
  ticket: Certificate<TicketBody>,
): Promise<Verdict> {
  if (ticket.c.dg !== 1) return refused('J5', 'the ticket does not delegate');
  const fits = fitsTicket(member.c, ticket.c);
  return fits.ok ? verifySignatures(engine, member, subjectKey(ticket.c)) : fits;
}
