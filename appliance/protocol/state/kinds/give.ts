import type { ChildState, Gift } from '../child-state.ts';

/** Remembers who got the keys of these epochs. Even a void commit gave them away (K11). */
export function give(state: ChildState, eids: readonly string[], gift: Gift): ChildState {
  const fresh = eids.filter((eid) => !state.gifts.get(eid)?.some((held) => isSame(held, gift)));
  if (fresh.length === 0) return state;
  const gifts = new Map(state.gifts);
  for (const eid of fresh) gifts.set(eid, [...(gifts.get(eid) ?? []), gift]);
  return { ...state, gifts };
}

function isSame(a: Gift, b: Gift): boolean {
  return a.class === b.class && a.to === b.to;
}
