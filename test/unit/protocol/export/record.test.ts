import { beforeAll, expect, it } from 'vitest';
import { checkRecord } from '#protocol/export/check-record.ts';
import { bytesInMemory } from '#protocol/export/record-bytes.ts';
import { openRecord, type OpenRecord } from '#protocol/export/read-record.ts';
import { sourceOf } from '#protocol/export/rebuild.ts';
import { planRecord } from '#protocol/export/write-record.ts';
import { filePorts } from '../../../support/files.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { sampleRecord, written, type SampleRecord } from '../../../support/record.ts';

const { hashes } = filePorts;
let sample: SampleRecord;
let record: OpenRecord;

beforeAll(async () => {
  sample = await sampleRecord();
  const opened = await openRecord(bytesInMemory(sample.bytes), hashes);
  if (!opened.ok) throw new Error(opened.why);
  record = opened.value;
});

it('a record is as large as its plan says, and the same each time', async () => {
  expect(sample.bytes.length).toBe(sample.plan.size);
  expect(await written(sample.plan)).toEqual(sample.bytes);
  expect(record.r).toBe(sample.plan.r);
});

it('a record as a box writes it has no fault', async () => {
  const check = await checkRecord(nodeEngine, hashes, record);
  expect(check.faults).toEqual([]);
  expect(check.files).toBe(1);
});

it('whoever has a record can make it again, byte for byte (T4)', async () => {
  const check = await checkRecord(nodeEngine, hashes, record);
  const plan = await planRecord(await sourceOf(record, check));
  expect(plan.r).toBe(record.r);
  expect(await written(plan)).toEqual(sample.bytes);
});
