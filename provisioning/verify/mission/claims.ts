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
  // What a ban of the author voided brings nobody in, and takes nobody's place (C5).
  const good = (k: string): Op[] => view.of(k).filter((op) => view.removedBy(op) === undefined);
  const admits = good('admit');
  const admitted = new Set(admits.map(personIn));
  const pending = new Set<string>();
  for (const [serial, joins] of Map.groupBy(good('join'), ({ x }) => x['t'] as string)) {
    const standing = peopleWhoStand(founding, view, serial, joins, admits);
    for (const join of joins) {
      const person = personIn(join);
      if (!admitted.has(person) && !standing.has(person)) pending.add(person);
    }
  }
  return pending;
}

/** Several devices of one person that join at once are one use of a ticket. */
function peopleWhoStand(
  founding: Founding,
  view: View,
  serial: string,
  joins: readonly Op[],
  admits: readonly Op[],
): ReadonlySet<string> {
  const { graph } = view.swarm;
  const invite = view.of('invite').find(({ x }) => serialOf(x) === serial);
  // Then the claims fall with their ticket, and nobody is introduced.
  if (invite === undefined || view.removedBy(invite) !== undefined) return people(joins);
  const revocations = view.of('revoke').filter(({ x }) => x['t'] === serial);
  const live = joins.filter((join) => revocations.every((revoke) => graph.isBefore(join, revoke)));
  const { n, p } = termsOf(invite.x);
  const claimants = people(live);
  const named = admits.filter((op) => op.x['t'] === serial || claimants.has(personIn(op)));
  if (people([...live, ...named]).size <= n) return claimants;
  if (named.length > 0) return new Set();
  const seen = witnessed(founding, view, live, { n, party: p });
  return seen.size <= n ? seen : new Set();
}

/** Claimants whom devices of the party saw that were there before every claim, and saw no more than n. */
function witnessed(
  founding: Founding,
  view: View,
  claims: readonly Op[],
  { n, party }: { n: number; party: string },
): Set<string> {
  const { graph } = view.swarm;
  const { devices } = introductions(founding, view.ops);
  const witnesses = view.ops.filter((op) => {
    const author = view.authorOf(op);
    if (author?.party !== party || view.removedBy(op) !== undefined) return false;
    const by = devices.get(op.d)?.by ?? [];
    return claims.every((claim) => by.length === 0 || by.some((one) => graph.isBefore(one, claim)));
  });
  const sights = witnesses.map((op) => people(claims.filter((one) => graph.isBefore(one, op))));
  return new Set(sights.filter((sight) => sight.size <= n).flatMap((sight) => [...sight]));
}

function people(ops: readonly Op[]): Set<string> {
  return new Set(ops.map(personIn));
}

/** The name of a ticket that an `invite` carries. */
export function serialOf(x: JsonObject): string {
  return termsOf(x).serial;
}

function termsOf(x: JsonObject): { serial: string; n: number; p: string } {
  return (x['t'] as unknown as { c: { serial: string; n: number; p: string } }).c;
}
