import { b64u, fields, integer, list, text, type Guard } from '#protocol/codec/shape.ts';
import { maxParties } from '#protocol/mission/charter.ts';
import { isDraft, type Draft } from '#protocol/mission/founding.ts';
import { isEntry, type Entry } from '#protocol/mission/founding-post.ts';

/** What opens a founding: the draft D, the public half of the founding key, the sealed names. */
export interface Opening {
  d: Draft;
  fpk: string;
  names: string;
}

/** A founding as it lies in its file. */
export interface FoundingFile {
  draft: Opening;
  entries: Entry[];
  /** When somebody last did something, in milliseconds since 1970. */
  touchedMs: number;
}

/** Each party commits, reveals, founds and compares, perhaps twice; then somebody ends it. */
export function mostEntries(parties: number): number {
  return parties * 5 + 1;
}

/** 16 KiB of names, sealed, are at most 32 KiB of base64. */
const openingFields = { d: isDraft, fpk: b64u(32), names: text(1, 32_768) };
/** The form of an opening. */
export const isOpening: Guard<Opening> = fields(openingFields);

/** What opens a founding, as it is sent: perhaps with the opening key, which is never kept. */
export const isOpeningSent: Guard<Opening & { o?: string }> = fields(openingFields, {
  o: b64u(16),
});

/** The form of the file. */
export const isFoundingFile: Guard<FoundingFile> = fields({
  draft: isOpening,
  entries: list(isEntry, 0, mostEntries(maxParties)),
  touchedMs: integer(0, Number.MAX_SAFE_INTEGER),
});
