import { useSyncExternalStore } from 'react';
import type { SearchKind, SearchQuery } from '#client/search-model.ts';

/** What a person typed and chose, as the controls have it; '' is everything. */
export interface Filter {
  text: string;
  person: string;
  slot: string;
  kind: SearchKind | '';
  /** As a field for dates has it, such as 2026-11-22. */
  day: string;
}

const nothing: Filter = { text: '', person: '', slot: '', kind: '', day: '' };
let kept = nothing;
const listeners = new Set<() => void>();

/**
 * What is searched for. It stays while somebody looks at a hit and comes back, in memory only: what
 * a person searches for is nobody else's business.
 */
export function useFilter(): [Filter, (change: Partial<Filter>) => void] {
  const filter = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => kept,
  );
  return [filter, (change) => keep({ ...kept, ...change })];
}

/** Forgets what was searched for, with the mission it was searched in. */
export function forgetFilter(): void {
  keep(nothing);
}

function keep(filter: Filter): void {
  kept = filter;
  for (const listener of listeners) listener();
}

/** The engine's query for a filter, in one conversation or in all. */
export function queryOf(filter: Filter, cid: string | undefined, limit: number): SearchQuery {
  const { text, person, slot, kind } = filter;
  const day = dayFrom(filter.day);
  return {
    text,
    limit,
    ...(cid !== undefined && { cid }),
    ...(person !== '' && { person }),
    ...(slot !== '' && { slot: Number(slot) }),
    ...(kind !== '' && { kind }),
    ...(day && { day }),
  };
}

/** Whether a filter asks for anything. */
export function isAsking({ text, ...narrowing }: Filter): boolean {
  return text.trim() !== '' || Object.values(narrowing).some((one) => one !== '');
}

/** From this device's midnight to its next, which may be 23 or 25 hours later. */
function dayFrom(written: string): SearchQuery['day'] {
  const [, year, month, day] = /^(\d{4,6})-(\d\d)-(\d\d)$/.exec(written) ?? [];
  if (year === undefined) return undefined;
  const midnight = (after: number) =>
    new Date(Number(year), Number(month) - 1, Number(day) + after).getTime();
  return { fromMs: midnight(0), untilMs: midnight(1) };
}
