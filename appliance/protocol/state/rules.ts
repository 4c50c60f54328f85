import { strictest, type Charter } from '../mission/charter.ts';
import type { RuleChange } from '../mission/rule-change.ts';
import type { Act } from './kind.ts';
import type { MissionState } from './mission-state.ts';

/** Changes of the charter that no later one has taken the place of, by resolution. */
export type Rules = ReadonlyMap<string, RuleChange>;

/** The charter as it is now. Of concurrent changes of one rule the stricter counts. */
export function charterOf({ genesis, rules }: Pick<MissionState, 'genesis' | 'rules'>): Charter {
  const founded = genesis.d.charter;
  if (rules.size === 0) return founded;
  const known = charters.get(rules);
  if (known !== undefined) return known;
  const charter = strictest(founded, [...rules.values()]);
  charters.set(rules, charter);
  return charter;
}

const charters = new WeakMap<Rules, Charter>();

/** With these rules changed; what of earlier changes this one knew and changes again is gone. */
export function withRule<S extends MissionState>(
  state: S,
  { op, saw }: Act,
  change: RuleChange,
): S {
  const kept = [...state.rules].flatMap(([by, held]): [string, RuleChange][] => {
    if (!saw(by)) return [[by, held]];
    const left = Object.entries(held).filter(([rule]) => !Object.hasOwn(change, rule));
    return left.length === 0 ? [] : [[by, Object.fromEntries(left)]];
  });
  return { ...state, rules: new Map([...kept, [op.sid, change]]) };
}
