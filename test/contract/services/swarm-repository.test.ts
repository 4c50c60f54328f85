import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { GitRepositories } from '../../../appliance/services/swarm/isomorphic-git-repository.ts';
import { gitObject, type GitObject } from '#protocol/pack/object.ts';
import type { Repositories } from '../../../appliance/services/swarm/repository.ts';
import { MemoryRepositories } from '../../support/memory-repositories.ts';

const rooms: string[] = [];
afterAll(() => Promise.all(rooms.map((room) => rm(room, { recursive: true, force: true }))));

async function onDisk(): Promise<{ repositories: GitRepositories; room: string }> {
  const room = await mkdtemp(join(tmpdir(), 'parley-repository-'));
  rooms.push(room);
  return { repositories: new GitRepositories(join(room, 'swarms'), join(room, 'staging')), room };
}

const kinds: [string, () => Promise<Repositories>][] = [
  ['in memory', () => Promise.resolve(new MemoryRepositories())],
  ['of isomorphic-git', async () => (await onDisk()).repositories],
];

const cid = 'a'.repeat(52);
const ref = `refs/swarm/dev/${'b'.repeat(52)}`;

const object = (type: GitObject['type'], text: string): GitObject =>
  gitObject(type, new TextEncoder().encode(text));

const emptyTree = object('tree', '');
const commit = (text: string): GitObject =>
  object(
    'commit',
    `tree ${emptyTree.oid}\nauthor a <a> 0 +0000\ncommitter a <a> 0 +0000\n\n${text}\n`,
  );

describe.each(kinds)('a repository %s', (_name, make) => {
  test('gives back the bytes that were written, and nothing for what was not', async () => {
    const repository = await (await make()).open(cid);
    const blob = object('blob', 'bytes \0 \u{1f30a}');
    const first = commit('one');
    await repository.write([blob, emptyTree, first]);
    await repository.write([first]);
    expect(await repository.read(first.oid)).toEqual(first);
    expect(await repository.read(blob.oid)).toEqual(blob);
    expect(await repository.read(emptyTree.oid)).toEqual(emptyTree);
    expect(await repository.read('0'.repeat(40))).toBeUndefined();
  });

  test('moves a ref only from where the writer believes it to be', async () => {
    const repository = await (await make()).open(cid);
    const [one, two] = [commit('one'), commit('two')];
    await repository.write([emptyTree, one, two]);
    expect(await repository.refs()).toEqual(new Map());
    expect(await repository.move(ref, two.oid, one.oid)).toBe(false);
    expect(await repository.move(ref, undefined, one.oid)).toBe(true);
    expect(await repository.move(ref, undefined, two.oid)).toBe(false);
    expect(await repository.refs()).toEqual(new Map([[ref, one.oid]]));
    expect(await repository.move(ref, one.oid, two.oid)).toBe(true);
    expect(await repository.refs()).toEqual(new Map([[ref, two.oid]]));
  });

  test('lets one of two concurrent writers win, never both', async () => {
    const repository = await (await make()).open(cid);
    const [one, two] = [commit('one'), commit('two')];
    await repository.write([emptyTree, one, two]);
    const won = await Promise.all([
      repository.move(ref, undefined, one.oid),
      repository.move(ref, undefined, two.oid),
    ]);
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  test('is listed once something was written, and opened twice it is the same', async () => {
    const repositories = await make();
    expect(await repositories.list()).toEqual([]);
    const blob = object('blob', 'kept');
    const opened = await repositories.open(cid);
    expect(await opened.read(blob.oid)).toBeUndefined();
    expect(await opened.refs()).toEqual(new Map());
    expect(await repositories.list()).toEqual([]);
    await opened.write([blob]);
    expect(await repositories.list()).toEqual([cid]);
    expect(await (await repositories.open(cid)).read(blob.oid)).toEqual(blob);
  });
});

describe('a repository on disk', () => {
  test('is one that stock git opens, checks and clones', async () => {
    const { repositories, room } = await onDisk();
    const repository = await repositories.open(cid);
    const one = commit('one');
    await repository.write([emptyTree, one]);
    await repository.move(ref, undefined, one.oid);
    await repository.show(one.oid);
    const path = join(room, 'swarms', `${cid}.git`);
    expect(git(path, 'fsck', '--strict')).not.toMatch(/error|missing|dangling/);
    expect(git(path, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main\n');
    const copy = join(room, 'copy.git');
    git(room, 'clone', '--quiet', '--mirror', path, copy);
    expect(git(copy, 'for-each-ref', '--format=%(refname) %(objectname)')).toContain(
      `${ref} ${one.oid}`,
    );
  });

  test('reads what stock git has packed since', async () => {
    const { repositories, room } = await onDisk();
    const repository = await repositories.open(cid);
    const one = commit('one');
    await repository.write([emptyTree, one]);
    await repository.move(ref, undefined, one.oid);
    git(join(room, 'swarms', `${cid}.git`), 'gc', '--quiet', '--prune=now');
    expect(await repository.read(one.oid)).toEqual(one);
    expect(await repository.refs()).toEqual(new Map([[ref, one.oid]]));
    expect(await repository.move(ref, one.oid, one.oid)).toBe(true);
  });

  test('leaves no drafts where git would take them for refs, and clears its staging', async () => {
    const { repositories, room } = await onDisk();
    const repository = await repositories.open(cid);
    await repository.write([emptyTree]);
    expect(await readdir(join(room, 'staging'))).toEqual([]);
    await repositories.recover();
    expect(await readdir(join(room, 'swarms'))).toEqual([`${cid}.git`]);
  });
});

function git(path: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'safe.directory=*', ...args], { cwd: path, encoding: 'utf8' });
}
