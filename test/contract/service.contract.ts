import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Service } from '#kernel/service.ts';
import { until } from '../support/until.ts';

/** Makes a service over an empty data directory; the folder above it is removed as well. */
export type MakeService = (directory: string) => Promise<Service>;

/** Sockets and processes: what a service that was stopped must not leave open. */
function open(): string[] {
  const kinds = /Server|UDP|Process|Pipe|TCPSocket/;
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kinds.test(kind))
    .toSorted();
}

/**
 * What every service of the box promises to its supervisor (kernel/service.ts).
 * `sockets`: it opens some, so that counting them is shown to work.
 */
export function serviceContract(name: string, make: MakeService, sockets = false): void {
  describe(`${name} as a service`, () => {
    const { signal } = new AbortController();
    let home: string;
    let directory: string;
    let service: Service;
    let before: string[];
    const nothingLeft = () =>
      until('nothing is open', () => open().length <= before.length).catch(() => {
        expect(open()).toEqual(before);
      });

    beforeEach(async () => {
      home = await mkdtemp(join(tmpdir(), 'parley-service-'));
      directory = join(home, 'data');
      await mkdir(directory);
      service = await make(directory);
      before = open();
    });
    afterEach(async () => {
      await service.stop();
      await rm(home, { recursive: true });
    });

    test('is named like its folder and opens nothing when constructed', async () => {
      expect(service.name).toBe(name);
      expect(service.health().status).toBe('failed');
      await nothingLeft();
    });

    test('starts once, however often it is asked', async () => {
      await service.start(signal);
      await service.start(signal);
      expect(service.health().status).not.toBe('failed');
      const once = open();
      if (sockets) expect(once.length).toBeGreaterThan(before.length);
      await service.start(signal);
      expect(open().length).toBe(once.length);
    });

    test('stops before it was started, twice, and leaves nothing open', async () => {
      await service.stop();
      await service.start(signal);
      await service.stop();
      await service.stop();
      expect(service.health().status).toBe('failed');
      await nothingLeft();
    });

    test('starts again after a stop', async () => {
      await service.start(signal);
      await service.stop();
      await service.start(signal);
      expect(service.health().status).not.toBe('failed');
    });

    test('leaves nothing open when its start is aborted, at once or in the middle', async () => {
      await expect(service.start(AbortSignal.abort())).rejects.toThrow();
      await nothingLeft();
      const middle = new AbortController();
      const starting = service.start(middle.signal).then(
        () => service.stop(),
        () => {},
      );
      setImmediate(() => middle.abort());
      await starting;
      await nothingLeft();
    });

    test('keeps no file outside its claims', async () => {
      await service.start(signal);
      await service.quiesce();
      await service.stop();
      const entries = await readdir(directory, { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => !entry.isDirectory())
        .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
      const claimed = (file: string) =>
        service.claims.some(({ path }) => file === path || file.startsWith(`${path}/`));
      expect(files.filter((file) => !claimed(file))).toEqual([]);
    });

    test('says how it is in a sentence without addresses, quickly', async () => {
      await service.start(signal);
      const began = performance.now();
      for (let index = 0; index < 100; index++) service.health();
      expect(performance.now() - began).toBeLessThan(100);
      const { says } = service.health();
      expect(says).toMatch(/^[A-Z0-9].*\.$/);
      expect(says).not.toMatch(/\d+\.\d+\.\d+\.\d+|[0-9a-f]{16}/);
    });
  });
}
