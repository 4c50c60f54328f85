import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * All byte strings in which a word could lie around: UTF-8, UTF-16, hex, and
 * base64 at each of the three alignments (both alphabets).
 */
export function disguises(word: string): Buffer[] {
  const bytes = Buffer.from(word, 'utf8');
  const found = [
    bytes,
    Buffer.from(word, 'utf16le'),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
  ];
  for (const lead of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(lead), bytes]).toString('base64');
    // Only characters that depend on nothing but the word.
    const from = Math.ceil((lead * 8) / 6);
    const to = Math.floor(((lead + bytes.length) * 8) / 6);
    const core = text.slice(from, to);
    found.push(Buffer.from(core), Buffer.from(core.replaceAll('+', '-').replaceAll('/', '_')));
  }
  return found;
}

/** Which of `words` occur in `haystack`, in any disguise. */
export function wordsIn(haystack: Buffer, words: readonly string[]): string[] {
  return words.filter((word) => disguises(word).some((needle) => haystack.includes(needle)));
}

/** `path: word` for every hit in any file below `directory`, file names included. */
export function wordsBelow(directory: string, words: readonly string[]): string[] {
  const hits: string[] = [];
  for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const path = join(directory, entry);
    for (const word of wordsIn(Buffer.from(entry), words)) hits.push(`name of ${entry}: ${word}`);
    if (!statSync(path).isFile()) continue;
    for (const word of wordsIn(readFileSync(path), words)) hits.push(`${entry}: ${word}`);
  }
  return hits;
}
