// Which scenarios and rules of the protocol the tests name, and which no test does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './shell/places.mjs';

const named = /\b(?:[A-Z]\d{1,3}[a-z]?|R-KEY)\b/g;
const range = /\b([A-Z])(\d{1,3})(?:–|-)\1?(\d{1,3})\b/g;

/**
 * A line for each group of ids, such as `S 72 of 193, without a test: S1 S2`. A test counts for
 * every id in its title, ranges like `R8–R11` included.
 * @param {readonly string[]} titles of tests that passed
 */
export function matrixLines(titles) {
  const seen = new Set(titles.flatMap(idsIn));
  const ids = [...Object.keys(listed('scenarios.json')), ...listed('rules.json')];
  return [...new Set(ids.map((id) => id[0]))].map((letter) => {
    const group = ids.filter((id) => id[0] === letter);
    const missing = group.filter((id) => !seen.has(id));
    const rest = missing.length > 0 ? `, without a test: ${missing.join(' ')}` : '';
    return `matrix  ${letter}  ${group.length - missing.length} of ${group.length}${rest}`;
  });
}

/** @param {string} title */
function idsIn(title) {
  const ids = title.match(named) ?? [];
  for (const [, letter, from, to] of title.matchAll(range)) {
    for (let i = Number(from); i <= Number(to) && i < 1000; i++) ids.push(`${letter}${i}`);
  }
  // The attacks X1–X11 that the protocol was mended after are scenarios of their own.
  for (const [, n] of title.matchAll(/\bX(\d{1,2})\b/g)) ids.push(`S${166 + Number(n)}`);
  return ids;
}

/** @param {string} name */
function listed(name) {
  return JSON.parse(readFileSync(join(root, 'test', 'matrix', name), 'utf8'));
}
