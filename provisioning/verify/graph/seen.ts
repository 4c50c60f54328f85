/** What somebody knows of a swarm: per lane the highest place, −1 for nothing. Never changed in place. */
export type Seen = Int32Array;

/** Nothing at all. */
export const nothing: Seen = new Int32Array(0);

/** The highest place known of a lane. */
export function known(seen: Seen, lane: number): number {
  return lane < seen.length ? (seen[lane] as number) : -1;
}

/** All that either knows. */
export function union(a: Seen, b: Seen): Seen {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  if (short.every((place, lane) => place <= (long[lane] as number))) return long;
  return long.map((place, lane) => Math.max(place, known(short, lane)));
}

/** What is known after one more commit of a lane. */
export function plus(seen: Seen, lane: number, place: number): Seen {
  if (known(seen, lane) >= place) return seen;
  const more = new Int32Array(Math.max(seen.length, lane + 1)).fill(-1);
  more.set(seen);
  more[lane] = place;
  return more;
}
