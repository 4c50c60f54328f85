import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeHashes } from '#kernel/node-hashes.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { RecordPlan } from '#protocol/export/write-record.ts';
import { RecordFile } from '../../../../appliance/services/teardown/record/record-file.ts';

const { signal } = new AbortController();
const r = toB64u(new Uint8Array(64));
const sign = (): Promise<string> => Promise.resolve(r);
const nobody = (): void => undefined;
let directory: string;
let file: RecordFile;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'record-file-'));
  file = new RecordFile(directory, nodeHashes);
});
afterEach(() => rm(directory, { recursive: true }));

/** A record of these pieces; what throws is what a disk does that has no room. */
function plan(pieces: readonly (Uint8Array | Error)[], size = 6): RecordPlan {
  return {
    size,
    r,
    manifest: { cid: '', files: [], receipts: [], swarms: [], v: 1 },
    async *pieces() {
      for (const piece of pieces) {
        await Promise.resolve();
        if (piece instanceof Error) throw piece;
        yield piece;
      }
    },
  };
}

const three = (of: number): Uint8Array => new Uint8Array(3).fill(of);

test('a record that could not be written leaves nothing on the disk that it filled', async () => {
  const full = plan([three(1), new Error('ENOSPC')]);
  await expect(file.build(full, sign, nobody, signal)).rejects.toThrow('ENOSPC');
  await expect(file.build(plan([three(1)]), sign, nobody, signal)).rejects.toThrow('as planned');
  expect(await readdir(directory)).toEqual([]);
  await file.build(plan([three(1), three(2)]), sign, nobody, signal);
  expect((await readdir(directory)).sort()).toEqual(['record.json', 'record.tar']);
});

test('another record than the one that was proposed is never proposed', async () => {
  const first = await file.build(plan([three(1), three(2)]), sign, nobody, signal);
  const second = file.build(plan([three(1), three(3)]), sign, nobody, signal);
  await expect(second).rejects.toThrow('the store is damaged');
  expect(await file.check(nobody, signal)).toEqual(first);
  expect((await readdir(directory)).sort()).toEqual(['record.json', 'record.tar']);
});
