import { expect, it } from 'vitest';
import { concat } from '#protocol/codec/bytes.ts';
import { manifestBytes, readManifest } from '#protocol/export/manifest.ts';
import { paths } from '#protocol/export/paths.ts';
import { openRecord } from '#protocol/export/read-record.ts';
import type { RecordBytes } from '#protocol/export/record-bytes.ts';
import { archiveEnd, entryHead, largestEntry, paddedSize } from '#protocol/export/ustar.ts';
import { planRecord } from '#protocol/export/write-record.ts';
import { filePorts } from '../../../support/files.ts';
import { sampleRecord } from '../../../support/record.ts';
import { packed, unpacked } from '../../../support/ustar.ts';

const mebibyte = 1_048_576;

it('a large file goes into a record piece by piece; one that changes its size is noticed', async () => {
  const { source } = await sampleRecord();
  const size = 64 * mebibyte;
  const files = [{ address: '0f'.repeat(64), size }];
  const of = (given: number) => ({ ...source, files, file: () => zeros(given) });
  const plan = await planRecord(of(size));
  let [length, longest] = [0, 0];
  for await (const piece of plan.pieces()) {
    length += piece.length;
    longest = Math.max(longest, piece.length);
  }
  expect(length).toBe(plan.size);
  expect(longest).toBeLessThan(2 * mebibyte);
  for (const other of [size - 1, size + 1]) {
    const { pieces } = await planRecord(of(other));
    await expect(drained(pieces())).rejects.toThrow('not as long as it was');
  }
});

it('a record of eight gibibytes is opened with a few kibibytes read', async () => {
  const { bytes } = await sampleRecord();
  const small = await unpacked(bytes);
  const manifest = readManifest(small.get(paths.manifest) as Uint8Array);
  if (!manifest.ok) throw new Error(manifest.why);
  const address = 'ff'.repeat(64);
  const files = [...manifest.value.files, [address, largestEntry] as [string, number]];
  small.set(paths.manifest, manifestBytes({ ...manifest.value, files }));
  const sorted = [...small].sort(([a], [b]) => (a < b ? -1 : 1));
  const at = sorted.findIndex(([path]) => path > paths.file(address));
  const head = entryHead({ path: paths.file(address), size: largestEntry });
  const before = concat(packed(sorted.slice(0, at), new Uint8Array(0)), head);
  const after = packed(sorted.slice(at), archiveEnd);
  const from = before.length + paddedSize(largestEntry);
  let read = 0;
  const huge: RecordBytes = {
    size: from + after.length,
    read: (a, b) => {
      read += b - a;
      if (b <= before.length) return Promise.resolve(before.subarray(a, b));
      if (a >= from) return Promise.resolve(after.subarray(a - from, b - from));
      return Promise.resolve(new Uint8Array(b - a));
    },
  };
  const record = await openRecord(huge, filePorts.hashes);
  expect(record.ok && record.value.file(address)?.size).toBe(largestEntry);
  expect(read).toBeLessThan(32_768);
});

async function* zeros(size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += mebibyte) {
    yield await Promise.resolve(new Uint8Array(Math.min(mebibyte, size - at)));
  }
}

async function drained(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) expect(piece).toBeDefined();
}
