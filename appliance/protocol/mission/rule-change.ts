import { utf8 } from '../codec/bytes.ts';
import { encode } from '../codec/canonical-json.ts';
import { H } from '../codec/hash.ts';
import { fields, integer, oneOf, type Guard } from '../codec/shape.ts';
import { toB32 } from '../codec/text-form.ts';
import { thresholds, type Threshold } from './charter.ts';

/** The rules of a charter that a vote can change, with their new values; at least one. */
export interface RuleChange {
  addparty?: Threshold;
  ban?: Threshold;
  close?: Threshold;
  hist?: 'all' | 'join' | 'none';
  rule?: Threshold;
  update?: Threshold;
  wait?: number;
}

const threshold = oneOf(...thresholds);
const isChange = fields(
  {},
  {
    addparty: threshold,
    ban: threshold,
    close: threshold,
    hist: oneOf('all', 'join', 'none'),
    rule: threshold,
    update: threshold,
    wait: integer(1, 8760),
  },
);

/** Form of a change; the number of parties, the unit and the names are for good. */
export const isRuleChange: Guard<RuleChange> = (value): value is RuleChange =>
  isChange(value) && Object.keys(value).length > 0;

/** Target of the vote about a change: its hash, 32 bytes in b32. */
export function ruleId(change: RuleChange): string {
  return toB32(H('rule', utf8(encode({ ...change }))).subarray(0, 32));
}
