/** A stretch of a text, as offsets of code units. */
export interface Hit {
  from: number;
  to: number;
}

/** Bare letters of a text: without case, accents and vowel marks, since who searches seldom types them. */
export function bareLetters(text: string): string {
  return folded(text).text;
}

/** Where a text says what is looked for, by its bare letters. Empty for an empty query. */
export function hitsIn(text: string, query: string): Hit[] {
  const wanted = bareLetters(query.trim());
  if (wanted === '') return [];
  const { text: plain, places } = folded(text);
  const hits: Hit[] = [];
  for (let at = plain.indexOf(wanted); at >= 0; at = plain.indexOf(wanted, at + wanted.length)) {
    hits.push({ from: places[at] ?? 0, to: places[at + wanted.length] ?? text.length });
  }
  return hits;
}

/** Bare letters of a text, and for each where it stood. */
function folded(text: string): { text: string; places: number[] } {
  let bare = '';
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    const letters = character
      .normalize('NFKD')
      .replace(/\p{Mark}/gu, '')
      .toLowerCase();
    for (let i = 0; i < letters.length; i += 1) places.push(at);
    bare += letters;
    at += character.length;
  }
  return { text: bare, places };
}
