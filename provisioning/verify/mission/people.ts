import { encode, fields, type Json, type JsonObject } from '../bytes/canonical-json.ts';
import { fingerprintOf } from '../bytes/hash.ts';
import { b64u, bytesText, fingerprint, fromB64u } from '../bytes/text-form.ts';
import {
  agreementKey,
  deviceCertificate,
  memberCertificate,
  subjectOf,
  ticketCertificate,
} from '../identity/certificate.ts';
import { must, refuse } from '../refusal.ts';
import type { Case } from './case.ts';
import {
  isDeviceEffective,
  isPartyEffective,
  leadsOf,
  type Member,
  type MissionState,
  type Ticket,
} from './state.ts';

/** J2: an invitation, by a lead, for the own party and this mission. */
export function invite({ author, isLead, state, x }: Case): void {
  fields(x, ['t']);
  const key = state.members.get(author.member)?.pk as Uint8Array;
  must(isLead, 'J2', 'only a lead invites');
  const c = fields(fields(x['t'], ['c', 's', 'w'])['c'], [], ticketFields);
  const isOurs = c['cid'] === state.cid && c['p'] === author.party && c['m'] === author.member;
  must(isOurs, 'J2', 'the invitation is for another mission, party or lead');
  const ticket = ticketCertificate(x['t'], key);
  must(
    !state.tickets.has(ticket.c['serial'] as string),
    'J2',
    'there is an invitation of that name',
  );
  const open = [...state.tickets.values()].filter(
    (one) => one.party === author.party && isOpen(one),
  );
  must(open.length < 64, 'L9', 'the party has as many open invitations as it may');
}

const ticketFields = ['v', 't', 'id', 'cid', 'p', 'ipk', 'kind', 'n', 'rooms', 'serial', 'm', 'dg'];

/** Whether an invitation still lets somebody in. */
export function isOpen(ticket: {
  isRevoked: boolean;
  admitted: readonly string[];
  uses: number;
}): boolean {
  return !ticket.isRevoked && ticket.admitted.length < ticket.uses;
}

/** J4: a lead takes a person of the own party in, with a first device. */
export function admit({ author, isLead, state, x }: Case): void {
  fields(x, ['m', 'd'], ['t']);
  must(isLead, 'J4', 'only a lead admits');
  const c = subjectOf(x['m']);
  must(c['p'] === author.party, 'J4', 'a lead admits people of the own party only');
  const pk = (state.parties.get(author.party) as { pk: Uint8Array }).pk;
  const member = memberCertificate(x['m'], { pk, pfp: author.party });
  const device = deviceCertificate(x['d'], member);
  const known = state.members.get(member.mfp);
  if (known?.isByTicket === true) return admitClaimant(state, known, member.c, device.dfp, x['t']);
  must(known === undefined, 'R24', 'the person was here before');
  must(!state.devices.has(device.dfp), 'R24', 'the device was here before');
  if (x['t'] !== undefined) {
    const ticket = state.tickets.get(bytesText(16)(x['t']));
    must(ticket?.party === author.party, 'J5', 'there is no such invitation of the party');
    must(!ticket.isRevoked, 'J7', 'the invitation is revoked');
    must(ticket.admitted.length < ticket.uses, 'J5', 'the invitation is used up');
    must(isFor(ticket, member.c), 'J5', 'the invitation is for other people');
  }
  fresh(state, [member.c['x'], device.c['x']]);
  must(state.members.size < 2048, 'L4', 'the mission has as many people as it may');
  room(state, member.mfp, author.party);
}

/** J6: somebody who joined alone is admitted for good: the same certificate, one of the devices. */
function admitClaimant(
  state: MissionState,
  known: Member,
  c: JsonObject,
  dfp: string,
  serial: Json | undefined,
): void {
  const isSame = encode(c) === encode(known.certificate['c']);
  must(isSame && state.devices.get(dfp)?.member === known.mfp, 'R24', 'the person was here before');
  const isTheirs =
    serial === undefined ||
    state.tickets.get(serial as string)?.admitted.includes(known.mfp) === true;
  must(isTheirs, 'J6', 'the person joined by another invitation');
}

/** A guest's ticket is for guests of its conversations, any other for nobody of the kind. */
function isFor({ rooms }: Ticket, c: JsonObject): boolean {
  const named = c['rooms'] as string[] | undefined;
  if (rooms === undefined || named === undefined) return rooms === named;
  return named.every((room) => rooms.includes(room));
}

/** J5: somebody with a delegating ticket joins while no lead is there. */
export function join({ author, state, x }: Case): void {
  fields(x, ['m', 'd', 't']);
  const ticket =
    state.tickets.get(bytesText(16)(x['t'])) ?? refuse('J5', 'there is no such invitation');
  must(ticket.party === author.party, 'R16', 'the invitation is of another party');
  const member = memberCertificate(x['m'], { pk: fromB64u(ticket.ipk), pfp: ticket.party });
  const device = deviceCertificate(x['d'], member);
  must(ticket.isDelegating, 'J5', 'the invitation needs a lead');
  must(!ticket.isRevoked, 'J7', 'the invitation is revoked');
  must(ticket.admitted.length < ticket.uses, 'J5', 'the invitation is used up');
  must(isFor(ticket, member.c), 'J5', 'the invitation is for other people');
  const isLeadStill = leadsOf(state, ticket.party).includes(ticket.lead);
  must(isLeadStill, 'J5', 'who invited leads the party no more');
  must(!state.members.has(member.mfp), 'R24', 'the person was here before');
  must(!state.devices.has(device.dfp), 'R24', 'the device was here before');
  fresh(state, [member.c['x'], device.c['x']]);
  must(state.members.size < 2048, 'L4', 'the mission has as many people as it may');
  room(state, member.mfp, author.party);
}

/** §3.3, K15: a further device, or a fresh pre-key of the own one. */
export function deviceAdded({ author, op, state, x }: Case): void {
  if (x['pre'] !== undefined) {
    const pre = fields(fields(x, ['pre'])['pre'], ['id', 'x']);
    bytesText(8)(pre['id']);
    return fresh(state, [agreementKey(pre['x'])]);
  }
  fields(x, ['d']);
  const key = state.members.get(author.member)?.pk as Uint8Array;
  must(
    subjectOf(x['d'])['m'] === author.member,
    'R24',
    'a device is enrolled by its own person only',
  );
  const device = deviceCertificate(x['d'], { pk: key, mfp: author.member });
  must(!state.devices.has(device.dfp), 'R24', 'the device was here before');
  must(device.dfp === op.d || state.devices.has(op.d), 'R16', 'the author is unknown');
  fresh(state, [device.c['x']]);
  room(state, author.member, author.party);
}

/** The person that a first commit of a new device names, for its author. */
export function selfIntroduced(d: Json | undefined): { dfp: string; mfp: string } {
  const c = subjectOf(d);
  return { dfp: fingerprintOf('fp-device', fromB64u(c['pk'])), mfp: fingerprint(c['m']) };
}

function fresh(state: MissionState, keys: readonly (Json | undefined)[]): void {
  const isNew = keys.every((key) => !state.agreementKeys.has(key as string));
  must(isNew && new Set(keys).size === keys.length, 'K10', 'a key for boxes was used before');
}

/** K13: shares of devices, so that no epoch outgrows its limit. */
function room(state: MissionState, mfp: string, pfp: string): void {
  const live = [...state.devices.values()].filter(({ dfp }) => isDeviceEffective(state, dfp));
  const parties = [...state.parties.keys()].filter((one) => isPartyEffective(state, one)).length;
  const ofParty = live.filter(({ member }) => state.members.get(member)?.party === pfp).length;
  const share = Math.max(16, Math.floor(512 / Math.max(1, parties)));
  must(live.length < 512 && ofParty < share, 'K13', 'there are as many devices as there may be');
  must(
    live.filter(({ member }) => member === mfp).length < 8,
    'K13',
    'the person has eight devices',
  );
}

/** Fingerprint of a serial for the tree: hex. */
export function serialHex(serial: string): string {
  return fromB64u(b64u(fromB64u(serial))).toString('hex');
}
