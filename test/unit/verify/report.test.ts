import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { utf8 } from '#protocol/codec/bytes.ts';
import { paths } from '#protocol/export/paths.ts';
import { verify } from '../../../provisioning/verify/main.ts';
import { sampleRecord, type SampleRecord } from '../../support/record.ts';
import { unpacked } from '../../support/ustar.ts';

let sample: SampleRecord;
let directory: string;
const quiet = (): void => undefined;
const at = (name: string): string => join(directory, name);

beforeAll(async () => {
  sample = await sampleRecord(utf8('<!doctype html>'));
  directory = await mkdtemp(join(tmpdir(), 'parley-verify-'));
  await writeFile(at('record.tar'), sample.bytes);
});

afterAll(() => rm(directory, { recursive: true }));

it('a record that holds is told in plain words, and ends with 0', () => {
  const { code, err, out } = verify([at('record.tar')], quiet);
  expect([code, err]).toEqual([0, '']);
  const { mfp } = sample.device('dora@green').keys;
  for (const line of [
    'Everything that can be checked here holds.',
    'What this does not prove',
    `to remove member ${mfp.slice(0, 8)}.`,
    `member ${mfp.slice(0, 8)} was removed by vote.`,
    'The parties closed the mission',
    'is kept without effect',
    'wrote two things under number',
  ]) {
    expect(out).toContain(line);
  }
  expect(out).toMatch(/(\d+) of \1 signatures of commits hold/);
});

it('the same for machines', () => {
  const account = JSON.parse(verify([at('record.tar'), '--json'], quiet).out) as object;
  expect(account).toMatchObject({
    holds: true,
    what: 'record',
    cid: sample.cid,
    r: sample.plan.r,
    end: { closed: true, closeFinal: true },
    files: { count: 1 },
    mission: {
      votes: [
        { action: 'ban', outcome: 'carried' },
        { action: 'close', outcome: 'carried' },
      ],
    },
  });
});

it('what does not hold is named, and ends with 1', async () => {
  const bytes = sample.bytes.slice();
  bytes[bytes.length - 5000]! ^= 1;
  await writeFile(at('bent.tar'), bytes);
  const { code, out } = verify([at('bent.tar')], quiet);
  expect(code).toBe(1);
  expect(out).toMatch(/not hold:\n\s+- bundle of /);
});

it('the bundle of the mission is judged by itself; that of a conversation cannot be', async () => {
  const files = await unpacked(sample.bytes);
  await writeFile(at('mission.bundle'), files.get(paths.bundle(sample.cid)) as Uint8Array);
  await writeFile(at('room.bundle'), files.get(paths.bundle(sample.room)) as Uint8Array);
  expect(verify([at('mission.bundle')], quiet)).toMatchObject({ code: 0 });
  const { code, err } = verify([at('room.bundle')], quiet);
  expect([code, err]).toEqual([2, expect.stringContaining('without its mission')]);
});

it('what is no record, not there or too much is said in a sentence, and ends with 2', async () => {
  await writeFile(at('empty'), '');
  for (const args of [[], [at('gone')], [directory], [at('empty')], ['a', 'b', 'c'], ['--what']]) {
    const { code, err, out } = verify(args, quiet);
    expect([args.length, code, out, err.trim().split('\n').length]).toEqual([
      args.length,
      2,
      '',
      1,
    ]);
  }
});
