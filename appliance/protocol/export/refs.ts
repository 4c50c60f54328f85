import type { Commit } from '../codec/commit-form.ts';

/** Where a clone looks first. */
const branches = 'refs/heads/';

/** Commits in the order of a pack: by height, then sid. */
export function inPackOrder(commits: Iterable<Commit>): Commit[] {
  return [...commits].sort(
    (a, b) => a.envelope.l - b.envelope.l || (a.sid < b.sid ? -1 : a.sid > b.sid ? 1 : 0),
  );
}

/**
 * Refs of a bundle, sorted, for commits in the order of the pack. They follow from the commits
 * alone: a device that contradicted itself has its longest branch as `dev` (ties: lowest sid), the
 * others as `fork`, whichever came first anywhere. Every commit lies below one of them (R9).
 */
export function refsOf(commits: readonly Commit[]): Map<string, string> {
  const continued = new Set(commits.map(({ envelope }) => envelope.pq));
  const tips = commits.filter(({ sid }) => !continued.has(sid));
  const longest = new Map<string, Commit>();
  for (const tip of tips) {
    const { d, q } = tip.envelope;
    const held = longest.get(d);
    const isLonger = held === undefined || q > held.envelope.q;
    if (isLonger || (q === held.envelope.q && tip.sid < held.sid)) longest.set(d, tip);
  }
  const rows = tips.map((tip): [string, string] => {
    const isLongest = longest.get(tip.envelope.d) === tip;
    return [branches + (isLongest ? `dev/${tip.envelope.d}` : `fork/${tip.oid}`), tip.oid];
  });
  const last = commits.at(-1);
  if (last !== undefined) rows.push(['HEAD', last.oid], [`${branches}main`, last.oid]);
  return new Map(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}
