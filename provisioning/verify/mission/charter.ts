import {
  encode,
  fields,
  integer,
  oneOf,
  type Json,
  type JsonObject,
} from '../bytes/canonical-json.ts';
import { H } from '../bytes/hash.ts';
import { b32 } from '../bytes/text-form.ts';
import type { Graph } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { must, refuse } from '../refusal.ts';

const thresholds = ['majority', 'two-thirds', 'all'] as const;
const actions = ['addparty', 'ban', 'close', 'rule', 'update'] as const;
/** From easy to strict. */
const histories = ['all', 'join', 'none'] as const;

/** Form of a changed rule, and that the motion's name follows from it. */
export function readRule(value: Json | undefined, u: string): JsonObject {
  const rule = fields(value, [], [...actions, 'hist', 'wait']);
  must(Object.keys(rule).length > 0, 'R5', 'no rule is changed');
  for (const name of actions) if (rule[name] !== undefined) oneOf(rule[name], ...thresholds);
  if (rule['hist'] !== undefined) oneOf(rule['hist'], ...histories);
  if (rule['wait'] !== undefined) integer(rule['wait'], 1, 8760);
  must(u === b32(H('rule', encode(rule)).subarray(0, 32)), 'R25', 'the motion names another rule');
  return rule;
}

/** V11: growth and changes of rules take no less than anything else. */
export function isSound(charter: JsonObject): boolean {
  const highest = Math.max(...actions.map((name) => rank(charter, name)));
  return rank(charter, 'addparty') === highest && rank(charter, 'rule') === highest;
}

/** The charter as changed by votes; of concurrent changes of one rule the stricter counts. */
export function changedCharter(
  founded: JsonObject,
  graph: Graph,
  changes: readonly Op[],
): JsonObject {
  const charter: Record<string, Json> = { ...founded };
  for (const name of [...actions, 'hist', 'wait']) {
    const about = changes.filter(({ x }) => (x['rule'] as JsonObject)[name] !== undefined);
    const values = graph.maximal(about).map(({ x }) => (x['rule'] as JsonObject)[name] as Json);
    if (values.length > 0)
      charter[name] = values.sort((a, b) => strictness(name, b) - strictness(name, a))[0] as Json;
  }
  const highest = Math.max(...actions.map((name) => rank(charter, name)));
  for (const name of ['addparty', 'rule'])
    charter[name] = thresholds[highest] ?? refuse('V11', 'no threshold');
  return charter;
}

function strictness(name: string, value: Json): number {
  if (typeof value === 'number') return value;
  return (name === 'hist' ? histories : thresholds).indexOf(value as never);
}

function rank(charter: { readonly [key: string]: Json }, name: string): number {
  return thresholds.indexOf(charter[name] as never);
}
