import type { JsonObject } from '../bytes/canonical-json.ts';
import { fingerprintOf } from '../bytes/hash.ts';
import type { Op } from '../graph/op.ts';
import type { Founding } from '../identity/founding.ts';
import type { Resolution } from '../resolve/resolution.ts';
import { introductions } from './introductions.ts';
import type { MissionState } from './state.ts';

type View = Resolution<MissionState>;

/** The person whose certificate an `admit` or a `join` carries. */
export function personIn({ x }: Op): string {
  const { pk } = (x['m'] as unknown as { c: { pk: string } }).c;
  return fingerprintOf('fp-member', Buffer.from(pk, 'base64url'));
}

/**
 * People who joined alone by a delegating ticket and whose claim does not stand (J6, J7). Until a
 * lead admits them they are nobody's, and what they wrote has no effect.
 */
export function pendingPeople(founding: Founding, view: View): Set<string> {
  const admits = view.of('admit').filter((op) => view.removedBy(op) === undefined);
  const admitted = new Set(admits.map(personIn));
  const pending = new Set<string>();
  for (const [serial, joins] of Map.groupBy(view.of('join'), ({ x }) => x['t'] as string)) {
    const standing = claimsThatStand(founding, view, serial, joins, admits, admitted);
    for (const join of joins) {
      const person = personIn(join);
      if (!admitted.has(person) && !standing.has(join)) pending.add(person);
    }
  }
  return pending;
}

function claimsThatStand(
  founding: Founding,
  view: View,
  serial: string,
  joins: readonly Op[],
  admits: readonly Op[],
  admitted: ReadonlySet<string>,
): ReadonlySet<Op> {
  const { graph } = view.swarm;
  const invite = view.of('invite').find(({ x }) => serialOf(x) === serial);
  // Then the claims fall with their ticket, and nobody is introduced.
  if (invite === undefined || view.removedBy(invite) !== undefined) return new Set(joins);
  const revocations = view.of('revoke').filter(({ x }) => x['t'] === serial);
  const live = joins.filter((join) => revocations.every((revoke) => graph.isBefore(join, revoke)));
  const { n, p } = termsOf(invite.x);
  const users = [...live, ...admits.filter(({ x }) => x['t'] === serial)].map(personIn);
  if (new Set(users).size <= n) return new Set(live);
  if (live.some((join) => admitted.has(personIn(join)))) return new Set();
  const seen = witnessed(founding, view, live, { n, party: p });
  return seen.size <= n ? seen : new Set();
}

/** Claims that devices of the party saw, which were there before every claim, and saw no more than n. */
function witnessed(
  founding: Founding,
  view: View,
  claims: readonly Op[],
  { n, party }: { n: number; party: string },
): Set<Op> {
  const { graph } = view.swarm;
  const { devices } = introductions(founding, view.ops);
  const witnesses = view.ops.filter((op) => {
    const author = view.authorOf(op);
    if (author?.party !== party || view.removedBy(op) !== undefined) return false;
    const by = devices.get(op.d)?.by ?? [];
    return claims.every((claim) => by.length === 0 || by.some((one) => graph.isBefore(one, claim)));
  });
  const sights = witnesses.map((op) => claims.filter((claim) => graph.isBefore(claim, op)));
  return new Set(sights.filter((sight) => sight.length <= n).flat());
}

/** The name of a ticket that an `invite` carries. */
export function serialOf(x: JsonObject): string {
  return termsOf(x).serial;
}

function termsOf(x: JsonObject): { serial: string; n: number; p: string } {
  return (x['t'] as unknown as { c: { serial: string; n: number; p: string } }).c;
}
