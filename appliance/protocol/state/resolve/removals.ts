import type { ResolveX } from '../kinds/resolve.ts';
import type { Op } from '../op.ts';
import { subject, type Class, type Removal } from '../removal.ts';

/** A removal of the set, before anything lifts it. */
export interface Cause {
  op: Op;
  kind: Removal['kind'];
}

/** Step 3, REM: leave, devrev, withdraw, and the bans that stand, by subject. */
export function removalsIn(
  ops: readonly Op[],
  standing: ReadonlySet<string>,
): ReadonlyMap<string, readonly Cause[]> {
  const found = new Map<string, Cause[]>();
  for (const op of ops) {
    const key = subjectOf(op);
    if (key === undefined) continue;
    const isVote = op.envelope.k === 'resolve';
    if (isVote && !standing.has(op.sid)) continue;
    const causes = found.get(key) ?? [];
    found.set(key, [...causes, { op, kind: isVote ? 'ban' : 'left' }]);
  }
  return found;
}

/** Demotions that stand, by member. */
export function demotionsIn(
  ops: readonly Op[],
  standing: ReadonlySet<string>,
): ReadonlyMap<string, readonly Op[]> {
  const demotions = ops.filter(
    (op) =>
      op.envelope.k === 'resolve' && standing.has(op.sid) && (op.x as ResolveX).a === 'demote',
  );
  return Map.groupBy(demotions, (op) => (op.x as ResolveX).u);
}

function subjectOf({ author, envelope, x }: Op): string | undefined {
  if (envelope.k === 'leave') return subject('member', author.member);
  if (envelope.k === 'withdraw') return subject('party', author.party);
  if (envelope.k === 'devrev') {
    const of = x as { d: string } | { m: string };
    return 'd' in of ? subject('device', of.d) : subject('member', of.m);
  }
  if (envelope.k !== 'resolve') return undefined;
  const { a, c, u } = x as ResolveX;
  return a === 'ban' ? subject(c as Class, u) : undefined;
}
