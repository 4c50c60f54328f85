import { concat, u32be, utf8 } from '../codec/bytes.ts';
import type { Commit } from '../codec/commit-form.ts';
import { runningSha1 } from '../codec/digest.ts';
import type { GitType } from '../codec/git-object.ts';
import { fromHex } from '../codec/text-form.ts';
import type { GitObject } from '../pack/object.ts';
import { readTree } from '../pack/tree.ts';
import { packEntryHead } from '../pack/write.ts';
import { inPackOrder, refsOf } from './refs.ts';
import { deflateStored, storedSize } from './stored-deflate.ts';
import type { SwarmSource } from './swarm-source.ts';

/** First line of a git bundle, version 2 (gitformat-bundle). */
export const bundleMagic = '# v2 git bundle\n';

/** A swarm as a file that stock git clones, its size known before its bytes are made. */
export interface Bundle {
  size: number;
  commits: readonly Commit[];
  /** The bytes; the same each time. */
  pieces(): AsyncGenerator<Uint8Array>;
}

/** What stands in a pack after the commits. */
interface Listed {
  oid: string;
  type: GitType;
  size: number;
}

/**
 * The bundle of a swarm: a function of its commits alone (T4). Rejects if the source has lost an
 * object, which no other object can stand for.
 */
export async function bundleOf(source: SwarmSource): Promise<Bundle> {
  const commits = inPackOrder(source.replica.commits());
  const listed = await objectsBelow(source, commits);
  const head = headOf(refsOf(commits), commits.length + listed.length);
  const entries = [...commits.map(({ raw }) => raw.length), ...listed.map(({ size }) => size)];
  const types = [...commits.map((): GitType => 'commit'), ...listed.map(({ type }) => type)];
  const sizes = entries.map(
    (size, i) => packEntryHead(types[i] as GitType, size).length + storedSize(size),
  );
  return {
    size: head.bytes.length + sizes.reduce((sum, size) => sum + size, 0) + 20,
    commits,
    async *pieces() {
      const sum = runningSha1();
      sum.update(head.bytes.subarray(head.packAt));
      yield head.bytes;
      for await (const entry of entriesOf(source, commits, listed)) {
        sum.update(entry);
        yield entry;
      }
      yield sum.digest();
    },
  };
}

/** Head of the bundle and of the pack in it. */
export function headOf(
  refs: ReadonlyMap<string, string>,
  objects: number,
): { bytes: Uint8Array; packAt: number } {
  const rows = [...refs].map(([name, oid]) => `${oid} ${name}\n`);
  const text = utf8(`${bundleMagic}${rows.join('')}\n`);
  return {
    bytes: concat(text, utf8('PACK'), u32be(2), u32be(objects)),
    packAt: text.length,
  };
}

async function* entriesOf(
  source: SwarmSource,
  commits: readonly Commit[],
  listed: readonly Listed[],
): AsyncGenerator<Uint8Array> {
  for (const { raw } of commits) yield entryOf('commit', raw);
  for (const { oid, type } of listed) yield entryOf(type, (await held(source, oid)).body);
}

function entryOf(type: GitType, body: Uint8Array): Uint8Array {
  return concat(packEntryHead(type, body.length), deflateStored(body));
}

/** Trees and blobs of all commits by object name; only sizes are kept, never all of the bodies. */
async function objectsBelow(
  source: SwarmSource,
  commits: readonly Commit[],
): Promise<readonly Listed[]> {
  const found = new Map<string, Listed>();
  const waiting = commits.map(({ tree }) => tree);
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (found.has(oid)) continue;
    const { type, body } = await held(source, oid);
    found.set(oid, { oid, type, size: body.length });
    if (type === 'tree') waiting.push(...childrenOf(body));
  }
  return [...found.values()].sort((a, b) => (a.oid < b.oid ? -1 : 1));
}

function childrenOf(body: Uint8Array): string[] {
  const tree = readTree(body);
  if (!tree.ok) throw new Error(`a tree is damaged: ${tree.why}`);
  return tree.value.map(({ oid }) => oid);
}

async function held(source: SwarmSource, oid: string): Promise<GitObject> {
  const object = await source.read(oid);
  if (object === undefined || fromHex(oid, 20) === undefined) {
    throw new Error(`swarm ${source.cid} has lost an object`);
  }
  return object;
}
