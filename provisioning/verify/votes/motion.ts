import { fields, oneOf, sortedListOf, type JsonObject } from '../bytes/canonical-json.ts';
import { fingerprint, hash64 } from '../bytes/text-form.ts';
import type { Op } from '../graph/op.ts';
import { must } from '../refusal.ts';

/** What is voted about: action, class, target, and what was decided about it before (V9). */
export interface Motion {
  readonly a: string;
  readonly c: string;
  readonly u: string;
  readonly basis: readonly string[];
}

/** Class and target in one text, as ballots in a tree name them. */
export function targetOf({ c, u }: Pick<Motion, 'c' | 'u'>): string {
  return `${c} ${u}`;
}

/** Equal for ballots about the same thing. */
export function motionKey({ a, basis, c, u }: Motion): string {
  return [a, c, u, ...basis].join(' ');
}

/** A motion out of a commit that passed `readVote` or `readResolve`. */
export function motionOf({ x }: Op): Motion {
  return x as unknown as Motion;
}

/** Form of a ballot. */
export function readVote(x: JsonObject): Motion & { ch: 'for' | 'against' | 'withdraw' } {
  fields(x, ['a', 'basis', 'c', 'ch', 'u'], ['reopen', 'rule']);
  return { ...motion(x), ch: oneOf(x['ch'], 'for', 'against', 'withdraw') };
}

/** Form of a resolution. */
export function readResolve(x: JsonObject): Motion & { votes: string[] } {
  fields(x, ['a', 'basis', 'c', 'u', 'votes'], ['new', 'reopen', 'rule']);
  must(
    (x['a'] === 'addparty') === (x['new'] !== undefined),
    'R5',
    'a new party is missing or too much',
  );
  return { ...motion(x), votes: sortedListOf(x['votes'], hash64) };
}

function motion(x: JsonObject): Motion {
  const c = oneOf(x['c'], 'party', 'member', 'device', 'swarm', 'box');
  const basis = sortedListOf(x['basis'], hash64);
  must((x['a'] === 'rule') === (x['rule'] !== undefined), 'R5', 'a rule is missing or too much');
  must(
    (x['a'] === 'reopen') === (x['reopen'] !== undefined),
    'R5',
    'what to reopen is missing or too much',
  );
  must(typeof x['a'] === 'string', 'R5', 'the action has a bad form');
  return { a: x['a'], c, u: fingerprint(x['u']), basis };
}
