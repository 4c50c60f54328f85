import type { CSSProperties } from 'react';
import type { PartyView } from '#client/model.ts';

/** Slots that have a colour and a pattern of their own; later ones begin again. */
const slotCount = 12;

/** 1…12, as the tokens count. */
export function tokenOf(slot: number): number {
  return (slot % slotCount) + 1;
}

/** The colours of a party as custom properties for the styles below. */
export function partyColours(slot: number): CSSProperties {
  const n = tokenOf(slot);
  return {
    '--party': `var(--p${n})`,
    '--on-party': `var(--p${n}-on)`,
    '--party-text': `var(--p${n}-text)`,
  } as CSSProperties;
}

/** The party of a slot, as a charter lists it. */
export function partyAt(parties: readonly PartyView[], slot: number): PartyView | undefined {
  return parties.find((party) => party.slot === slot);
}
