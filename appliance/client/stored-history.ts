import { parseCommit } from '#protocol/codec/commit.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { readTree } from '#protocol/pack/tree.ts';
import type { Repository } from './ports.ts';

/** Everything that a repository's refs reach: commits, and the sealed profiles among them. */
export interface History {
  commits: readonly Commit[];
  blobs: readonly Uint8Array[];
}

/** The name under which a tree has a conversation's sealed profile (SWARM §4). */
const profileName = 'profile.sealed';

/** Reads what this device has stored of a swarm. Damaged objects are left out and come again. */
export async function readHistory(repository: Repository): Promise<History> {
  const commits = new Map<string, Commit>();
  const blobs: Uint8Array[] = [];
  const waiting = [...(await repository.refs()).values()];
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (commits.has(oid)) continue;
    const object = await repository.read(oid);
    const parsed = object?.type === 'commit' ? parseCommit(object.body) : undefined;
    if (!parsed?.ok) continue;
    commits.set(oid, parsed.value);
    waiting.push(...parsed.value.parents);
    if (parsed.value.envelope.k === 'profile') {
      const blob = await profileOf(repository, parsed.value);
      if (blob) blobs.push(blob);
    }
  }
  return { commits: [...commits.values()], blobs };
}

async function profileOf(repository: Repository, commit: Commit): Promise<Uint8Array | undefined> {
  const tree = await repository.read(commit.tree);
  const entries = tree && readTree(tree.body);
  const entry = entries?.ok ? entries.value.find(({ name }) => name === profileName) : undefined;
  return entry && (await repository.read(entry.oid))?.body;
}
