import { utf8 } from '#protocol/codec/bytes.ts';
import { maxTextBytes } from '#protocol/content/bodies.ts';
import { problem } from './problem.ts';

/** Longest name or title, in characters. */
const longestName = 64;

/** A name or title as it is kept; throws `NAME_EMPTY` if it is none. */
export function cleaned(name: string): string {
  const text = name.trim();
  if (text === '' || text.length > longestName) throw problem('NAME_EMPTY');
  return text;
}

/** A message's text; throws `TEXT_EMPTY` or `TEXT_TOO_LONG`. */
export function written(text: string): string {
  if (text.trim() === '') throw problem('TEXT_EMPTY');
  if (utf8(text).length > maxTextBytes) throw problem('TEXT_TOO_LONG');
  return text;
}
