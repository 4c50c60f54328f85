import { fromB64u } from '#protocol/codec/text-form.ts';
import type { Ceremony } from '#protocol/mission/ceremony.ts';
import { linkFor } from '#protocol/mission/code.ts';
import { readNames } from '#protocol/mission/names.ts';
import { safetyCode } from '#protocol/mission/safety-code.ts';
import { charterView } from './charter-view.ts';
import type { FoundingRecord, OwnFounding } from './founding-record.ts';
import type { FoundingView } from './model.ts';
import { problemOf } from './problem.ts';

/** What of a founding is in memory only. */
export interface FoundingNow {
  ceremony?: Ceremony;
  isMaking: boolean;
  isFounded: boolean;
}

/** A founding as a screen shows it: every mark in it was verified on this device. */
export function foundingView(
  record: FoundingRecord,
  now: FoundingNow,
  origin: string,
): FoundingView {
  const { draft, mine, ended } = record;
  const { ceremony } = now;
  const read = readNames(record.names, draft.charter);
  if (!read.ok) throw new Error('the names of this founding are damaged');
  const slots = new Map(
    [...(ceremony?.reveals ?? [])].map(([party, reveal]) => [party, reveal.slot]),
  );
  const slotsOf = (parties: Iterable<string>): number[] =>
    [...parties].flatMap((party) => slots.get(party) ?? []).sort((a, b) => a - b);
  const matching = [...(ceremony?.compared ?? [])].filter(([, ok]) => ok === 1);
  const taken = new Set([...slots.values(), ...(mine ? [mine.reveal.slot] : [])]);
  const f = ceremony?.f;
  return {
    charter: charterView(draft.charter, read.value),
    step: now.isMaking ? 'key' : stepOf(mine, ceremony, now.isFounded),
    ...(mine && { mySlot: mine.reveal.slot }),
    taken: [...taken].sort((a, b) => a - b),
    compared: slotsOf(matching.map(([party]) => party)),
    signed: slotsOf(ceremony?.found.keys() ?? []),
    ...(f && !ended && { code: safetyCode(f) }),
    joinLink: linkFor(origin, {
      kind: 'founding',
      box: fromB64u(record.box) ?? new Uint8Array(32),
      foundingKey: fromB64u(record.fk) ?? new Uint8Array(32),
    }),
    ...(ended && { ended: problemOf(ended) }),
  };
}

function stepOf(
  mine: OwnFounding | undefined,
  ceremony: Ceremony | undefined,
  isFounded: boolean,
): FoundingView['step'] {
  if (isFounded) return 'founded';
  if (!mine) return 'party';
  if (!ceremony?.f) return 'gathering';
  if (mine.matches === undefined) return 'code';
  return mine.found === undefined ? 'sign' : 'waiting';
}
