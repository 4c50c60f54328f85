import { b64u, fields, integer, oneOf, type Guard } from '../codec/shape.ts';
import { refused, type Parsed } from '../verdict.ts';
import type { RuleChange } from './rule-change.ts';

/** How many of the parties an action needs (V10), weakest first. */
export const thresholds = ['majority', 'two-thirds', 'all'] as const;

/** One of `thresholds`. */
export type Threshold = (typeof thresholds)[number];

/** What the parties agree on, in clear, so numbers only; the words are in the names text. */
export interface Charter {
  v: 1;
  unit: 'party';
  /** Parties that found, 2…32. */
  n: number;
  addparty: Threshold;
  rule: Threshold;
  ban: Threshold;
  close: Threshold;
  update: Threshold;
  /** What later joiners may read. */
  hist: 'all' | 'join' | 'none';
  /** Hours that the wipe waits for receipts (T6), 1…8760. */
  wait: number;
  /** `H("names", names text)`. */
  names: string;
}

/** Most founding parties; every place in ceremony and genesis is bounded by it. */
export const maxParties = 32;

const threshold = oneOf(...thresholds);
const isCharter: Guard<Charter> = fields({
  v: oneOf(1),
  unit: oneOf('party'),
  n: integer(2, maxParties),
  addparty: threshold,
  rule: threshold,
  ban: threshold,
  close: threshold,
  update: threshold,
  hist: oneOf('all', 'join', 'none'),
  wait: integer(1, 8760),
  names: b64u(64),
});

/**
 * Reads a charter. V11: neither adding a party nor changing a rule may be easier
 * than any other action, or it would be a way around the harder one.
 */
export function readCharter(value: unknown): Parsed<Charter> {
  if (!isCharter(value)) return refused('R5', 'the charter has a bad form');
  const { addparty, rule, ban, close, update } = value;
  const highest = Math.max(...[addparty, rule, ban, close, update].map(rank));
  if (rank(addparty) < highest) return refused('V11', 'adding a party is too easy');
  if (rank(rule) < highest) return refused('V11', 'changing a rule is too easy');
  return { ok: true, value };
}

/** The charter with rules changed; refused if nothing changes or V11 would not hold. */
export function changedCharter(charter: Charter, change: RuleChange): Parsed<Charter> {
  const changed = { ...charter, ...change };
  const names = Object.keys(change) as (keyof RuleChange)[];
  if (names.every((name) => changed[name] === charter[name]))
    return refused('R25', 'the rules are so already');
  return readCharter(changed);
}

/**
 * A charter after changes that may not have known each other: of two values of one rule the
 * stricter, and V11 restored where two changes together would break it.
 */
export function strictest(charter: Charter, changes: readonly RuleChange[]): Charter {
  const pick = <T>(name: keyof RuleChange, order: readonly T[], founded: T): T => {
    const said = changes.flatMap((change) => (change[name] as T | undefined) ?? []);
    return said.sort((a, b) => order.indexOf(b) - order.indexOf(a))[0] ?? founded;
  };
  const of = (name: 'addparty' | 'ban' | 'close' | 'rule' | 'update') =>
    pick(name, thresholds, charter[name]);
  const [ban, close, update] = [of('ban'), of('close'), of('update')];
  const waits = changes.flatMap(({ wait }) => wait ?? []);
  const all = [ban, close, update, of('addparty'), of('rule')];
  const highest = thresholds[Math.max(...all.map(rank))] ?? 'all';
  return {
    ...charter,
    ban,
    close,
    update,
    addparty: highest,
    rule: highest,
    hist: pick('hist', ['all', 'join', 'none'] as const, charter.hist),
    wait: waits.length === 0 ? charter.wait : Math.max(...waits),
  };
}

function rank(value: Threshold): number {
  return thresholds.indexOf(value);
}
