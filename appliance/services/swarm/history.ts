import { fromUtf8 } from '#protocol/codec/bytes.ts';
import { parseCommit } from '#protocol/codec/commit.ts';
import type { GitObject } from '#protocol/pack/object.ts';
import { readTree } from '#protocol/pack/tree.ts';
import type { Repository } from './repository.ts';

/** Name under which a conversation's sealed profile stands in its tree (SWARM §4). */
const profileName = 'profile.sealed';

/** What a replica needs to judge a swarm again: commits, parents first, and sealed profiles. */
export interface History {
  commits: GitObject[];
  blobs: Uint8Array[];
}

/** Everything that the refs of a repository, or those given, lead to. Throws when it has holes. */
export async function historyOf(
  repository: Repository,
  refs?: ReadonlyMap<string, string>,
): Promise<History> {
  const commits = await commitsOf(repository, refs ?? (await repository.refs()));
  const blobs = new Map<string, Uint8Array>();
  for (const tree of new Set(commits.map((commit) => linksOf(commit).tree))) {
    const row = (await rowsOf(repository, tree)).find(({ name }) => name === profileName);
    if (row) blobs.set(row.oid, (await mustRead(repository, row.oid)).body);
  }
  return { commits, blobs: [...blobs.values()] };
}

/** Whether a genesis begins a mission: that of a conversation says which mission it knows (M2). */
export function isMissionGenesis({ body }: GitObject): boolean {
  const parsed = parseCommit(body);
  return parsed.ok && parsed.value.envelope.mh === undefined;
}

/** Parents first. Iterative, since a chain may be long. */
async function commitsOf(
  repository: Repository,
  refs: ReadonlyMap<string, string>,
): Promise<GitObject[]> {
  const sorted = new Map<string, GitObject>();
  const waiting = [...new Set(refs.values())];
  const opened = new Map<string, { object: GitObject; parents: string[] }>();
  while (waiting.length > 0) {
    const oid = waiting[waiting.length - 1] as string;
    if (sorted.has(oid)) {
      waiting.pop();
      continue;
    }
    const at = opened.get(oid) ?? (await openCommit(repository, oid));
    opened.set(oid, at);
    const missing = at.parents.filter((parent) => !sorted.has(parent));
    if (missing.length > 0) {
      waiting.push(...missing);
    } else {
      sorted.set(oid, at.object);
      opened.delete(oid);
      waiting.pop();
    }
  }
  return [...sorted.values()];
}

/** The objects of a tree that none of the other trees has in the same place, contents first. */
export async function newInTree(
  repository: Repository,
  tree: string,
  others: readonly string[],
): Promise<GitObject[]> {
  if (others.includes(tree)) return [];
  const object = await mustRead(repository, tree);
  const known = (await Promise.all(others.map((other) => rowsOf(repository, other)))).flat();
  const found: GitObject[] = [];
  for (const row of entriesOf(object)) {
    const same = known.filter(({ name, mode }) => name === row.name && mode === row.mode);
    if (same.some(({ oid }) => oid === row.oid)) continue;
    if (row.mode === '100644') found.push(await mustRead(repository, row.oid));
    else
      found.push(
        ...(await newInTree(
          repository,
          row.oid,
          same.map(({ oid }) => oid),
        )),
      );
  }
  return [...found, object];
}

/** Tree and parents that a stored commit names; it was judged before it was stored. */
export function linksOf({ oid, body }: GitObject): { tree: string; parents: string[] } {
  const text = fromUtf8(body) ?? '';
  const head = text.slice(0, text.indexOf('\nauthor '));
  const named = (word: string): string[] =>
    [...head.matchAll(new RegExp(`^${word} ([0-9a-f]{40})$`, 'gm'))].map((row) => row[1] as string);
  const tree = named('tree')[0];
  if (tree === undefined) throw new Error(`commit ${oid} names no tree`);
  return { tree, parents: named('parent') };
}

async function openCommit(
  repository: Repository,
  oid: string,
): Promise<{ object: GitObject; parents: string[] }> {
  const object = await mustRead(repository, oid);
  return { object, parents: linksOf(object).parents };
}

async function rowsOf(repository: Repository, tree: string): Promise<ReturnType<typeof entriesOf>> {
  return entriesOf(await mustRead(repository, tree));
}

function entriesOf({ oid, body }: GitObject) {
  const rows = readTree(body);
  if (!rows.ok) throw new Error(`tree ${oid} is damaged: ${rows.why}`);
  return rows.value;
}

async function mustRead(repository: Repository, oid: string): Promise<GitObject> {
  const object = await repository.read(oid);
  if (object === undefined) throw new Error(`object ${oid} is missing`);
  return object;
}
