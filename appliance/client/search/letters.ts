/** A stretch of a text, as offsets of code units. */
export interface Stretch {
  from: number;
  to: number;
}

/** Characters of a query that count; more is a paste by mistake. */
const longestQuery = 200;
/** Words of a query that count: each is one more pass over everything. */
const mostWords = 8;

/** Marks, invisible characters, the Arabic stretch and apostrophes, of which each keyboard has another. */
const silent = /[\p{Mark}\p{Format}\u0640'‘’ʼ]/gu;

/** Letters and digits that people write one for the other, and that no decomposition brings together. */
const same: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ı: 'i',
  ς: 'σ',
  ґ: 'г',
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  ة: 'ه',
};
const twofold = new RegExp(`[${Object.keys(same).join('')}٠-٩۰-۹]`, 'gu');

/** Bare letters of a text: without case, accents and vowel marks, since who searches seldom types them. */
export function bareLetters(text: string): string {
  return text
    .normalize('NFKD')
    .replace(silent, '')
    .toLowerCase()
    .replace(twofold, (one) => same[one] ?? String(one.charCodeAt(0) & 0xf));
}

/** The words of a query in bare letters, each once; empty for a query without any. */
export function wordsOf(query: string): string[] {
  const words = bareLetters(query.slice(0, longestQuery)).split(/\s+/u);
  return [...new Set(words)].filter((word) => word !== '').slice(0, mostWords);
}

/** Where a text says one of the words, in its order and without overlaps. */
export function marksIn(text: string, words: readonly string[]): Stretch[] {
  const { letters, places } = placed(text);
  const found: Stretch[] = [];
  for (const word of words) {
    for (let at = letters.indexOf(word); at >= 0; at = letters.indexOf(word, at + word.length)) {
      found.push({ from: places[at] ?? 0, to: places[at + word.length] ?? text.length });
    }
  }
  found.sort((a, b) => a.from - b.from || b.to - a.to);
  const marks: Stretch[] = [];
  for (const one of found) {
    const last = marks.at(-1);
    if (last && one.from <= last.to) last.to = Math.max(last.to, one.to);
    else marks.push({ ...one });
  }
  return marks;
}

/** Bare letters of a text, and for each where it stood. */
function placed(text: string): { letters: string; places: number[] } {
  let letters = '';
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    const bare = bareLetters(character);
    for (let i = 0; i < bare.length; i += 1) places.push(at);
    letters += bare;
    at += character.length;
  }
  return { letters, places };
}
