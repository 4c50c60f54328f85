import type { CharterView, Threshold } from '#client/model.ts';

/** Rules of a charter that its proposer chose. */
export type Rules = Pick<CharterView, 'history' | 'addParty' | 'close' | 'wipeAfterHours'>;

/** A start for a charter; everything in it can be changed before proposing. */
export interface Template extends Rules {
  readonly name: 'talks' | 'cell' | 'congress';
}

/** Templates of "Propose a mission". `addParty` is never weaker than `close` (V11). */
export const templates: readonly Template[] = [
  { name: 'talks', history: 'all', addParty: 'all', close: 'all', wipeAfterHours: 24 },
  {
    name: 'cell',
    history: 'all',
    addParty: 'two-thirds',
    close: 'two-thirds',
    wipeAfterHours: 24,
  },
  {
    name: 'congress',
    history: 'join',
    addParty: 'two-thirds',
    close: 'two-thirds',
    wipeAfterHours: 72,
  },
];

/** Thresholds from the easiest to the hardest. */
export const thresholds: readonly Threshold[] = ['majority', 'two-thirds', 'all'];

/**
 * Rules that differ from every template a charter could come from, so that a
 * reader looks twice at them.
 */
export function unusualRules(charter: CharterView): ReadonlySet<keyof Rules> {
  const fitting = templates.filter(
    ({ name }) => (name === 'talks') === (charter.parties.length === 2),
  );
  const rules: readonly (keyof Rules)[] = ['history', 'addParty', 'close', 'wipeAfterHours'];
  return new Set(
    rules.filter((rule) => !fitting.some((template) => template[rule] === charter[rule])),
  );
}
