import { changedCharter } from '../../mission/charter.ts';
import { ruleId } from '../../mission/rule-change.ts';
import { accepted, refused } from '../../verdict.ts';
import { charterOf, withRule } from '../rules.ts';
import type { Action } from './action.ts';

/** Changes rules of the charter; every ballot says which, and its target is their hash. */
export const rule: Action = {
  applies({ state }, { c, rule: change, u }) {
    if (change === undefined) return refused('R5', 'the changed rules are missing');
    if (c !== 'swarm' || u !== ruleId(change)) return refused('R25', 'the hash of other rules');
    const changed = changedCharter(charterOf(state), change);
    return changed.ok ? accepted : changed;
  },

  carry: (state, act, { rule: change }) =>
    change === undefined ? state : withRule(state, act, change),
};
