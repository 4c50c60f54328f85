import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeEngine } from '#kernel/node-engine.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { toB32, toB64u } from '#protocol/codec/text-form.ts';
import { checkErasure, readErasure } from '#protocol/export/erasure.ts';
import {
  erase,
  forget,
  journalOf,
  type Journal,
  type WipeDeps,
} from '../../../../appliance/services/teardown/index.ts';

const { signal } = new AbortController();
const signer = seedSigner(new Uint8Array(32).fill(7));
const cid = toB32(new Uint8Array(32).fill(1));
const sid = toB64u(new Uint8Array(64).fill(2));
let root: string;
let deps: WipeDeps;
let decided: Journal;

const put = async (below: string, text: string): Promise<void> => {
  await mkdir(join(root, below, '..'), { recursive: true });
  await writeFile(join(root, below), text);
};
const certificate = async () => {
  const parsed = readErasure(await readFile(join(root, 'last-certificate.json')));
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.value;
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parley-wipe-'));
  const path = (below: string): string => join(root, below);
  deps = { root, path, journal: journalOf(path), now: () => 1_800_000_000_000 };
  await put('mission/swarms/a.git/HEAD', 'twelve bytes');
  await put('mission/swarms/a.git/objects/00/11', 'x');
  await put('mission/claims.json', '[]');
  await put('mission/nobody/claimed/this', 'four');
  await put('box/box-key.pem', 'secret');
  await put('lock', '1 2');
  decided = {
    v: 1,
    step: 'decided',
    paths: ['founding', 'mission/claims.json', 'mission/swarms', 'mission'],
    secrets: ['box'],
    findings: { cid, commits: ['QQ=='], excused: [], h: '0'.repeat(128), r: sid, receipts: [sid] },
  };
  await deps.journal.write(decided);
});
afterEach(() => rm(root, { recursive: true }));

describe('a wipe', () => {
  test('on a disk that is full begins with the record, and counts it all the same', async () => {
    await put('mission/record/record.tar', 'all of it');
    const isThere = (): Promise<boolean> =>
      access(join(root, 'mission/record/record.tar')).then(
        () => true,
        () => false,
      );
    const write = async (at: Journal): Promise<void> => {
      if (await isThere()) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
      await deps.journal.write(at);
    };
    const small = { ...deps, journal: { ...deps.journal, write } };
    await erase(small, decided, signer, signal);
    const { erased } = (await certificate()).c;
    expect(erased.find(([path]) => path === 'mission')).toEqual(['mission', 2, 13]);
    const broken = (): Promise<void> => Promise.reject(new Error('EIO'));
    const bad = { ...deps, journal: { ...deps.journal, write: broken } };
    await put('mission/record/record.tar', 'all of it');
    await expect(erase(bad, decided, signer, signal)).rejects.toThrow('EIO');
    expect(await isThere()).toBe(true);
  });

  test('removes everything of the mission and signs what there was', async () => {
    await erase(deps, decided, signer, signal);
    expect((await readdir(root)).sort()).toEqual([
      'box',
      'last-certificate.json',
      'lock',
      'teardown.json',
    ]);
    const made = await certificate();
    expect(await checkErasure(nodeEngine, made)).toEqual({ ok: true });
    expect(made.c).toMatchObject({
      ...{ cid, medium: 'files', method: 'removed', unseen: [], when: 1_800_000_000 },
      erased: [
        ['founding', 0, 0],
        ['mission/claims.json', 1, 2],
        ['mission/swarms', 2, 13],
        // Counted apart, so that nothing counts twice.
        ['mission', 1, 4],
      ],
    });
    expect((await deps.journal.read())?.step).toBe('farewell');
  });

  test('names what it found and did not remove', async () => {
    await put('notes.txt', 'of somebody');
    await put('old/a/b', 'too');
    await erase(deps, decided, signer, signal);
    expect((await certificate()).c.unseen).toEqual(['notes.txt', 'old/a/b']);
    expect(await readFile(join(root, 'notes.txt'), 'utf8')).toBe('of somebody');
  });

  test('that was interrupted remembers what was there, and signs once', async () => {
    const aborted = AbortSignal.abort();
    await expect(erase(deps, decided, signer, aborted)).rejects.toThrow();
    const counted = await deps.journal.read();
    expect(counted?.step).toBe('wiping');
    await rm(join(root, 'mission'), { recursive: true });
    await erase(deps, counted as Journal, signer, signal);
    const first = await readFile(join(root, 'last-certificate.json'), 'utf8');
    expect((await certificate()).c.erased[2]).toEqual(['mission/swarms', 2, 13]);
    await erase({ ...deps, now: () => 0 }, counted as Journal, signer, signal);
    expect(await readFile(join(root, 'last-certificate.json'), 'utf8')).toBe(first);
  });

  test('takes the place of the certificate of an earlier mission', async () => {
    await erase(deps, decided, signer, signal);
    const other = toB32(new Uint8Array(32).fill(9));
    await erase(
      deps,
      { ...decided, findings: { ...decided.findings, cid: other } },
      signer,
      signal,
    );
    expect((await certificate()).c.cid).toBe(other);
  });

  test('forgets the keys, and the journal last, with all drafts of it', async () => {
    await erase(deps, decided, signer, signal);
    const journal = (await deps.journal.read()) as Journal;
    await put('teardown.json.0011.tmp', 'draft');
    await forget(deps, journal);
    await forget(deps, journal);
    expect((await readdir(root)).sort()).toEqual(['last-certificate.json', 'lock']);
  });
});

describe('a journal', () => {
  test.each([
    ['names a path outside', { paths: ['../elsewhere'] }],
    ['names an absolute path', { paths: ['/etc'] }],
    ['names a hidden way out', { secrets: ['box/../../x'] }],
    ['is at no step', { step: 'done' }],
  ])('that %s keeps the box from starting, and removes nothing', async (_what, wrong) => {
    await put('teardown.json', JSON.stringify({ ...decided, ...wrong }));
    await expect(deps.journal.read()).rejects.toThrow('is damaged');
    await access(join(root, 'mission/claims.json'));
  });
});
