/**
 * The language with this device's own region, where it has one: whoever set
 * British English expects 14:20, not 2:20 PM. Plain English is taken as British.
 */
export function regionOf(tag: string, wanted: readonly string[] = navigator.languages): string {
  const regional = wanted.find((one) => one !== tag && one.split('-')[0] === tag);
  if (regional !== undefined) return latin(regional, {});
  return latin(tag === 'en' ? 'en-GB' : tag, { hourCycle: 'h23' });
}

function latin(locale: string, options: Intl.LocaleOptions): string {
  // One kind of digits everywhere: times beside counts and codes must not change script.
  return new Intl.Locale(locale, { ...options, numberingSystem: 'latn' }).toString();
}

/** Time of day, for the margin of a message. */
export function clockTime(atMs: number, tag: string): string {
  return new Intl.DateTimeFormat(regionOf(tag), { hour: '2-digit', minute: '2-digit' }).format(
    atMs,
  );
}

/** Local midnight before `atMs`; equal for two moments of the same day. */
export function dayOf(atMs: number): number {
  return new Date(atMs).setHours(0, 0, 0, 0);
}

/** A day in words; `today` and `yesterday` are the words for those. */
export function dayName(
  atMs: number,
  nowMs: number,
  tag: string,
  words: { today: string; yesterday: string },
): string {
  const days = Math.round((dayOf(nowMs) - dayOf(atMs)) / 86_400_000);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  return new Intl.DateTimeFormat(regionOf(tag), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  }).format(atMs);
}

/** Time today, else the day: for a list of conversations. */
export function shortTime(atMs: number, nowMs: number, tag: string): string {
  if (dayOf(atMs) === dayOf(nowMs)) return clockTime(atMs, tag);
  return new Intl.DateTimeFormat(regionOf(tag), { day: 'numeric', month: 'short' }).format(atMs);
}

/** "Blue, Green and Sky" in the language spoken. */
export function listOf(items: readonly string[], tag: string): string {
  return listParts(items, tag)
    .map(({ value }) => value)
    .join('');
}

/** The same in parts, so that each name can be closed off against the others. */
export function listParts(items: readonly string[], tag: string) {
  return new Intl.ListFormat(tag, { type: 'conjunction' }).formatToParts(items);
}

/** A time to wait, seconds, rounded up: hours, or minutes in the last hour. */
export function waitWords(seconds: number, tag: string): string {
  const [unit, length] = seconds > 3600 ? (['hour', 3600] as const) : (['minute', 60] as const);
  const words = new Intl.NumberFormat(regionOf(tag), { style: 'unit', unit, unitDisplay: 'long' });
  return words.format(Math.ceil(seconds / length));
}

/** A day with its time, for a document. */
export function dateAndTime(atMs: number, tag: string): string {
  const style = { dateStyle: 'long', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat(regionOf(tag), style).format(atMs);
}
