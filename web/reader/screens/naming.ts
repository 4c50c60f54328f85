import type { PartyView } from '#client/model.ts';
import { clockTime, dayOf } from '../../language/time.ts';
import { partyAt } from '../../ui/party/slot.ts';
import type { Naming } from '../record/as-text.ts';
import type { Conversation, Library } from '../record/model.ts';
import { bare } from '../strings/strings.ts';
import { type Words } from '../strings/words.ts';

/** How everything in a library is called in the language spoken. */
export interface Names extends Naming {
  /** With a number for a name where names are locked. */
  parties: readonly PartyView[];
  party(slot: number): PartyView | undefined;
  /** The mission's day, from 1. */
  day(atMs: number): number;
  conversation(one: Conversation): string;
}

const dayMs = 86_400_000;

/** Names for a library. */
export function namesFor(library: Library, { language, t }: Words): Names {
  const parties = library.parties.map((party) => ({
    ...party,
    name: party.name || t('party', { number: party.slot + 1 }),
  }));
  const numbers = new Map(library.conversations.map(({ cid }, at) => [cid, at + 1]));
  const day = (atMs: number) =>
    Math.max(1, Math.round((dayOf(atMs) - library.firstDayMs) / dayMs) + 1);
  return {
    t,
    parties,
    party: (slot) => partyAt(parties, slot),
    day,
    when: (atMs) => bare(t('at', { day: day(atMs), time: clockTime(atMs, language.tag) })),
    person: ({ name, slot }) =>
      name ?? bare(t('someone', { party: partyAt(parties, slot)?.name ?? '' })),
    conversation: ({ cid, title }) =>
      title ?? t('talk.untitled', { number: numbers.get(cid) ?? 0 }),
  };
}
