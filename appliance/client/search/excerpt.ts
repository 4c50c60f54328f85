import { marksIn, type Stretch } from './letters.ts';

/** Characters before the first word that was found, so that it is read in its sentence. */
const before = 40;

/** A piece of a text around the first of the words, and where it says them. */
export interface Excerpt {
  text: string;
  marks: Stretch[];
  /** Whether something was left out before and after it. */
  isCutBefore: boolean;
  isCutAfter: boolean;
}

/** At most `length` characters of `text`, beginning shortly before the first of `words`. */
export function excerptOf(text: string, words: readonly string[], length: number): Excerpt {
  const marks = marksIn(text, words);
  const first = marks[0]?.from ?? 0;
  const from = text.length <= length || first <= before ? 0 : wordStart(text, first);
  const to = whole(text, Math.min(text.length, from + length));
  return {
    text: text.slice(from, to),
    marks: marks
      .filter((one) => one.from < to)
      .map((one) => ({ from: one.from - from, to: Math.min(one.to, to) - from })),
    isCutBefore: from > 0,
    isCutAfter: to < text.length,
  };
}

/** Start of a word shortly before `at`; without one, a place between two characters. */
function wordStart(text: string, at: number): number {
  const start = at - before;
  const gap = text.slice(start, at).search(/\s\S/u);
  return gap >= 0 ? start + gap + 1 : whole(text, start);
}

/** The same place, or the one before a character that it would cut in two. */
function whole(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at - 1 : at;
}
