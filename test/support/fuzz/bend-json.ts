import type { Json } from '#protocol/codec/canonical-json.ts';
import { below, pick } from './bend.ts';

/** What peers put in the place of something else. */
const oddities: readonly Json[] = [
  ...['', '\u0000', '\ud800', 'constructor', '__proto__', 'A', '=', '-', 'genesis'],
  ...['A'.repeat(43), 'A'.repeat(86), 'a'.repeat(52), 'a'.repeat(32), 'x'.repeat(70_000)],
  ...[0, 1, 2, 255, 256, 65_536, 2 ** 31, 2 ** 53 - 1, 2 ** 53, -1, -0, 0.5, 1e300],
  ...[[], {}, [[[[[[[[[[]]]]]]]]]], { v: 1 }, { constructor: 1 }],
  ...([null, true, false] as unknown as Json[]),
];

/** A copy of a value with one to three places replaced, removed, renamed, doubled or exchanged. */
export function bendJson(value: Json, random: () => number): Json {
  let whole = structuredClone(value);
  for (let changes = 1 + below(random, 3); changes > 0; changes -= 1) {
    const place = somewhere(whole, random);
    if (place === undefined) whole = oddity(random);
    else change(place.within, place.key, whole, random);
  }
  return whole;
}

type Container = { [key: string]: Json };

/** A place in a value; none if it has no inside. */
function somewhere(
  whole: Json,
  random: () => number,
): { within: Container; key: string } | undefined {
  let within = whole as Container;
  for (;;) {
    const keys = typeof within === 'object' && within !== null ? Object.keys(within) : [];
    if (keys.length === 0) return undefined;
    const key = pick(random, keys);
    const inner = within[key];
    const isDeep = typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0;
    if (!isDeep || random() < 0.2) return { within, key };
    within = inner as Container;
  }
}

function change(within: Container, key: string, whole: Json, random: () => number): void {
  const held = within[key] as Json;
  switch (below(random, 7)) {
    case 0:
      delete within[key];
      break;
    case 1:
      within[`${key}${below(random, 10)}`] = structuredClone(held);
      break;
    case 2: {
      const other = somewhere(whole, random);
      // A copy, lest a value held itself.
      if (other) within[key] = structuredClone(other.within[other.key] as Json);
      break;
    }
    case 3:
      if (typeof held === 'number') within[key] = held + pick(random, [-1, 1, 2 ** 32]);
      else if (Array.isArray(held)) within[key] = [...held, ...held].reverse();
      else if (typeof held === 'string') within[key] = [...held].reverse().join('');
      break;
    case 4:
      within[key] = typeof held === 'string' ? misspelt(held, random) : oddity(random);
      break;
    default:
      within[key] = oddity(random);
  }
}

function misspelt(text: string, random: () => number): string {
  const at = below(random, text.length);
  return text.slice(0, at) + pick(random, ['A', 'b', '-', '=', '']) + text.slice(at + 1);
}

/** A fresh one, since what is put in is bent further. */
function oddity(random: () => number): Json {
  return structuredClone(pick(random, oddities));
}
