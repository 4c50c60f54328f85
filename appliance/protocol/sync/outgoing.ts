import type { Commit } from '../codec/commit-form.ts';

/** What is asked of a replica to find out what another one lacks. */
export interface Source {
  /** Heads of what is known here, with git names and parents. */
  readonly heads: readonly Link[];
  commit(sid: string): Commit | undefined;
}

/** A commit with its parents. */
interface Link {
  readonly oid: string;
  readonly sid: string;
  readonly parents: readonly Link[];
}

/** How much goes at once (L2): beyond it the receiver would refuse the whole batch. */
export interface PageLimits {
  commits: number;
  bytes: number;
}

/**
 * Commits that somebody with these does not have, parents first, as far as one page goes.
 * `have` are git names of heads; what is unknown here is passed over.
 */
export function outgoing(
  source: Source,
  have: Iterable<string>,
  { bytes, commits }: PageLimits,
): { commits: Commit[]; hasMore: boolean } {
  const theirs = closure(source.heads, new Set(have));
  const order = parentsFirst(source.heads, theirs);
  const page: Commit[] = [];
  let size = 0;
  for (const { sid } of order) {
    const commit = source.commit(sid);
    if (commit === undefined) continue;
    size += commit.raw.length;
    // At least one, so that a page always gets further.
    if (page.length > 0 && (size > bytes || page.length >= commits)) {
      return { commits: page, hasMore: true };
    }
    page.push(commit);
  }
  return { commits: page, hasMore: false };
}

/** All that the named commits stand on, themselves included. */
function closure(heads: readonly Link[], named: ReadonlySet<string>): ReadonlySet<Link> {
  const everything = new Set<Link>(heads);
  for (const link of everything) for (const parent of link.parents) everything.add(parent);
  const held = new Set([...everything].filter(({ oid }) => named.has(oid)));
  for (const link of held) for (const parent of link.parents) held.add(parent);
  return held;
}

/** Depth first and iterative: a history may be ten thousand commits long. */
function parentsFirst(heads: readonly Link[], without: ReadonlySet<Link>): Link[] {
  const done = new Set<Link>(without);
  const order: Link[] = [];
  const stack = [...heads];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const waiting = top.parents.filter((parent) => !done.has(parent));
    if (!done.has(top) && waiting.length > 0) {
      stack.push(...waiting);
      continue;
    }
    stack.pop();
    if (!done.has(top)) order.push(top);
    done.add(top);
  }
  return order;
}
