import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, filesBelow, FilesBox, hashOf, MiB } from '../support/files-box.ts';
import type { GatewayDevice } from '../support/gateway-device.ts';
import { until } from '../support/until.ts';

let box: FilesBox;
let anna: GatewayDevice;
beforeEach(async () => {
  box = await FilesBox.start();
  anna = await box.device('anna', 'red');
});
afterEach(() => box.remove());

function asRoot(program: string, ...args: string[]): void {
  execFileSync(program, args);
}

async function open(config: object): Promise<void> {
  await box.restart(config);
  anna = await box.device('anna', 'red');
}

describe('limits', () => {
  test('each party has an equal share, counted from the first byte and after a restart', async () => {
    const config = { storeBytes: 4 * MiB };
    await open(config);
    expect((await box.upload(anna, randomBytes(MiB))).status).toBe(200);
    const large = randomBytes(MiB);
    await box.put(anna, large, 0, 100_000);
    const third = randomBytes(MiB);
    expect(codeOf(await box.put(anna, third, 0, 100_000))).toBe('FILES_SHARE_USED');
    const boris = await box.device('boris', 'blue');
    expect((await box.upload(boris, third)).status).toBe(200);
    await open(config);
    expect(codeOf(await box.put(anna, randomBytes(MiB), 0, 100_000))).toBe('FILES_SHARE_USED');
    const other = await box.device('boris', 'blue');
    expect((await box.put(other, randomBytes(MiB), 0, 100_000)).status).toBe(200);
  });

  test('a file counts for at least a block, so that tiny ones fill the share too', async () => {
    await open({ storeBytes: MiB });
    const codes = new Set<unknown>();
    for (let n = 0; n < 140; n++) codes.add(codeOf(await box.upload(anna, randomBytes(20))));
    expect(codes).toEqual(new Set([undefined, 'FILES_SHARE_USED']));
    expect(await filesBelow(join(box.directory, 'mission/files'))).toHaveLength(128);
  });

  test('there are never more files than a record holds, each party an equal share of them', async () => {
    await open({ maxFilesCount: 7 });
    const codes: unknown[] = [];
    for (let n = 0; n < 3; n++) codes.push(codeOf(await box.upload(anna, randomBytes(20))));
    // One that has only begun takes its place already.
    codes.push(codeOf(await box.put(anna, randomBytes(MiB), 0, 100_000)));
    expect(codes).toEqual([undefined, undefined, undefined, 'FILES_SHARE_USED']);
    const boris = await box.device('boris', 'blue');
    expect((await box.upload(boris, randomBytes(20))).status).toBe(200);
  });

  test('one file has a largest size, one device a number of beginnings', async () => {
    await open({ maxFileBytes: 2 * MiB, uploadsPerDeviceCount: 2 });
    expect(codeOf(await box.put(anna, randomBytes(3 * MiB), 0, MiB))).toBe('FILES_TOO_LARGE');
    const some = [1, 2, 3].map(() => randomBytes(MiB));
    const replies = [];
    for (const whole of some) replies.push(codeOf(await box.put(anna, whole, 0, 100_000)));
    expect(replies).toEqual([undefined, undefined, 'FILES_CROWD']);
    expect((await box.put(anna, some[0] as Buffer, 100_000, MiB)).status).toBe(200);
    expect((await box.put(anna, some[2] as Buffer, 0, 100_000)).status).toBe(200);
  });

  test('what nobody adds to is removed after a week', async () => {
    await box.put(anna, randomBytes(MiB), 0, 100_000);
    box.clock.jump(Date.now() - box.clock.now() + 167 * 3_600_000);
    await box.restart({ idleHours: 168 });
    expect(await filesBelow(box.directory)).toHaveLength(1);
    box.clock.jump(2 * 3_600_000);
    await box.restart({ idleHours: 168 });
    await until('gone', async () => (await filesBelow(box.directory)).length === 0);
  });

  test('the disk keeps room for everything else', async () => {
    await open({ keepFreeBytes: 2 ** 52 });
    const reply = await box.put(anna, randomBytes(MiB), 0, 100_000);
    expect([reply.status, codeOf(reply)]).toEqual([503, 'FILES_DISK_FULL']);
    expect(reply.headers['retry-after']).toBe('60');
  });

  test('a disk that is full refuses, keeps what was there, and goes on when there is room', async () => {
    const disk = await mkdtemp(join(tmpdir(), 'parley-disk-'));
    asRoot('mount', '-t', 'tmpfs', '-o', 'size=5m', 'parley-test', disk);
    const small = await FilesBox.start({}, disk);
    try {
      const boris = await small.device('boris', 'blue');
      const whole = randomBytes(2 * MiB);
      await small.put(boris, whole, 0, MiB);
      const filler = join(disk, 'filler');
      await writeFile(filler, Buffer.alloc(3 * MiB + 500_000));
      const reply = await small.put(boris, whole, MiB, whole.length);
      expect([reply.status, codeOf(reply)]).toEqual([503, 'FILES_DISK_FULL']);
      const { headers } = await small.head(boris, hashOf(whole));
      expect(headers['parley-have']).toBe(String(MiB));
      await rm(filler);
      expect((await small.put(boris, whole, MiB, whole.length)).status).toBe(200);
      expect((await small.get(boris, hashOf(whole))).body.equals(whole)).toBe(true);
    } finally {
      await small.stop();
      asRoot('umount', disk);
      await rm(disk, { recursive: true });
    }
  });

  test('files leave room for the record that will copy them', async () => {
    const disk = await mkdtemp(join(tmpdir(), 'parley-disk-'));
    asRoot('mount', '-t', 'tmpfs', '-o', 'size=5m', 'parley-test', disk);
    const small = await FilesBox.start({}, disk);
    try {
      const boris = await small.device('boris', 'blue');
      expect((await small.upload(boris, randomBytes(2 * MiB))).status).toBe(200);
      // There is room for it, but none for the record then.
      const reply = await small.put(boris, randomBytes(MiB), 0, MiB);
      expect([reply.status, codeOf(reply)]).toEqual([503, 'FILES_DISK_FULL']);
    } finally {
      await small.stop();
      asRoot('umount', disk);
      await rm(disk, { recursive: true });
    }
  });

  test('memory does not grow with the size of a file', async () => {
    const whole = randomBytes(64 * MiB);
    const before = process.memoryUsage().arrayBuffers;
    await box.upload(anna, whole);
    const size = (
      await stat(join(box.directory, 'mission/files', hashOf(whole).slice(0, 2), hashOf(whole)))
    ).size;
    expect(size).toBe(whole.length);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 * MiB);
  });
});

test('a box that is about to stop takes nothing, and still gives', async () => {
  const whole = randomBytes(MiB);
  await box.upload(anna, whole);
  await box.service.quiesce();
  const refused = await box.put(anna, randomBytes(MiB), 0, 100_000);
  expect([refused.status, codeOf(refused)]).toEqual([503, 'FILES_CLOSING']);
  expect((await box.get(anna, hashOf(whole))).status).toBe(200);
});
