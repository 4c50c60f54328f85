import { deviceFingerprint, memberFingerprint } from '../../codec/fingerprint.ts';
import { subjectKey } from '../../identity/certificate.ts';
import type { Certificate, DeviceBody, TicketBody } from '../../identity/certificate-form.ts';
import type { Newcomer } from '../actions/add-party.ts';
import type { Graph } from '../graph.ts';
import type { DelegatedJoin } from '../kinds/delegated-join.ts';
import type { MissionState } from '../mission-state.ts';
import type { Op } from '../op.ts';

/**
 * J6, J7: claims of delegating tickets that do not stand, by sid, sorted. If a ticket was used
 * more often than it may be, those stand whom a lead admitted; if none is, those that a device of
 * the party had seen while they were not too many; else none. A revocation voids what it did not
 * know. `isVoid` says of what the removed wrote without knowing of it.
 */
export function pendingClaims(
  graph: Graph,
  state: MissionState,
  ops: readonly Op[],
  isVoid: (op: Op) => boolean,
): string[] {
  const good = ops.filter((op) => !isVoid(op));
  const joins = good.filter(({ envelope }) => envelope.k === 'join');
  if (joins.length === 0) return [];
  const admits = good.filter(({ envelope }) => envelope.k === 'admit');
  const named = new Set(admits.map(memberOf));
  const pending = [...Map.groupBy(joins, ticketOf)].flatMap(([serial, claims]) => {
    const open = claims.filter((claim) => !named.has(memberOf(claim)));
    const late = open.filter((claim) => isRevokedUnseen(graph, ops, serial, claim));
    const live = claims.filter((claim) => !isRevokedUnseen(graph, ops, serial, claim));
    const admitted = admits.filter((op) => ticketOf(op) === serial || isOneOf(op, live));
    const uses = usesOf(ops, serial);
    if (membersOf([...live, ...admitted]).size <= uses) return late;
    if (admitted.length > 0) return open;
    const seen = witnessed(graph, state, good, live, uses);
    const kept = membersOf(seen).size <= uses ? seen : [];
    return [...open.filter((claim) => !isOneOf(claim, kept)), ...late];
  });
  return [...new Set(pending.map(({ sid }) => sid))].sort();
}

/** Claims that devices of the party, introduced before all of them, saw while they were not too many. */
function witnessed(
  graph: Graph,
  state: MissionState,
  ops: readonly Op[],
  claims: readonly Op[],
  uses: number,
): Op[] {
  const party = claims[0]?.author.party;
  const seen = new Set<Op>();
  for (const op of ops) {
    if (op.author.party !== party || !isEarlier(graph, state, ops, op, claims)) continue;
    const known = claims.filter((claim) => graph.saw(op, claim));
    if (membersOf(known).size <= uses) for (const claim of known) seen.add(claim);
  }
  return [...seen];
}

/** Whether the writing device was introduced before every claim: its claimant cannot have made it. */
function isEarlier(
  graph: Graph,
  state: MissionState,
  ops: readonly Op[],
  { envelope }: Op,
  claims: readonly Op[],
): boolean {
  if (state.devices.has(envelope.d)) return true;
  return claims.every((claim) =>
    ops.some((op) => deviceOf(op) === envelope.d && graph.saw(claim, op)),
  );
}

/** J7: a revocation that did not know the claim; one that did leaves it. */
function isRevokedUnseen(graph: Graph, ops: readonly Op[], serial: string, claim: Op): boolean {
  return ops.some(
    (op) => op.envelope.k === 'revoke' && ticketOf(op) === serial && !graph.saw(op, claim),
  );
}

function usesOf(ops: readonly Op[], serial: string): number {
  for (const { envelope, x } of ops) {
    if (envelope.k !== 'invite') continue;
    const { c } = (x as { t: Certificate<TicketBody> }).t;
    if (c.serial === serial) return c.n;
  }
  return 0;
}

function ticketOf({ x }: Op): string {
  return (x as { t?: string }).t ?? '';
}

/** The member that a join or an admission introduces. */
function memberOf({ x }: Op): string {
  return memberFingerprint(subjectKey((x as DelegatedJoin).m.c));
}

function membersOf(ops: readonly Op[]): ReadonlySet<string> {
  return new Set(ops.map(memberOf));
}

/** Whether it is about somebody whom one of the others is about: two devices may join at once. */
function isOneOf(op: Op, others: readonly Op[]): boolean {
  return membersOf(others).has(memberOf(op));
}

/** The device that a commit introduces, if it does. */
function deviceOf({ envelope, x }: Op): string | undefined {
  if (!['admit', 'devadd', 'join', 'resolve'].includes(envelope.k)) return undefined;
  const said = x as { d?: Certificate<DeviceBody> | string; new?: Newcomer } | undefined;
  const d = said?.new?.d ?? said?.d;
  return typeof d === 'object' ? deviceFingerprint(subjectKey(d.c)) : undefined;
}
