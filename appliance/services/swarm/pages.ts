import type { Zlib } from '#protocol/ports.ts';
import { pageLimits } from '#protocol/pack/limits.ts';
import type { GitObject } from '#protocol/pack/object.ts';
import { writePack } from '#protocol/pack/write.ts';
import type { Row } from './catalogue.ts';
import { newInTree } from './history.ts';
import type { Repository } from './repository.ts';
import type { Swarms } from './swarms.ts';

/** What somebody has and wants, by commit, and how many bytes they take at once. */
export interface Question {
  have: readonly string[];
  want: readonly string[];
  max: number;
}

/** Answers fetches: delta-free packs, parents first, page by page (SWARM §11.2). */
export class Pages {
  readonly #swarms: Swarms;
  readonly #zlib: Zlib;

  constructor(swarms: Swarms, zlib: Zlib) {
    this.#swarms = swarms;
    this.#zlib = zlib;
  }

  /** The first page of what is lacking. At least one commit, so that asking again always ends. */
  async page(
    cid: string,
    { have, want, max }: Question,
  ): Promise<{ pack: Uint8Array; hasMore: boolean }> {
    const swarm = this.#swarms.get(cid);
    if (swarm === undefined) return { pack: writePack([], this.#zlib), hasMore: false };
    const rows = swarm.catalogue.between(have, want);
    // Half, since what does not compress grows a little on its way into a pack.
    const room = Math.min(max, pageLimits.packBytes / 2);
    const taken = new Map<string, GitObject>();
    let bytes = 0;
    let count = 0;
    for await (const objects of ahead(rows.slice(0, pageLimits.commits), (row) =>
      objectsOf(swarm.repository, row),
    )) {
      const more = objects.filter(({ oid }) => !taken.has(oid));
      const size = more.reduce((sum, { body }) => sum + body.length, 0);
      const isFull = bytes + size > room || taken.size + more.length > pageLimits.objects;
      if (isFull && count > 0) break;
      for (const object of more) taken.set(object.oid, object);
      bytes += size;
      count++;
    }
    return { pack: writePack([...taken.values()], this.#zlib), hasMore: count < rows.length };
  }
}

/** A commit and the trees and blobs that are new with it. */
async function objectsOf(
  repository: Repository,
  { oid, tree, parents }: Row,
): Promise<GitObject[]> {
  const commit = await repository.read(oid);
  if (commit === undefined) throw new Error(`commit ${oid} is missing`);
  const before = parents.map((parent) => parent.tree);
  return [...(await newInTree(repository, tree, before)), commit];
}

/** Commits that are read at one time: enough to keep a disk busy, and little to have read in vain. */
const readAtOnce = 16;

async function* ahead<T, R>(all: readonly T[], read: (one: T) => Promise<R>): AsyncGenerator<R> {
  for (let at = 0; at < all.length; at += readAtOnce) {
    yield* await Promise.all(all.slice(at, at + readAtOnce).map(read));
  }
}
