import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeEngine } from '#kernel/node-engine.ts';
import { nodeHashes } from '#kernel/node-hashes.ts';
import { checkErasure, readErasure } from '#protocol/export/erasure.ts';
import { openRecord } from '#protocol/export/read-record.ts';
import { bytesInMemory } from '#protocol/export/record-bytes.ts';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { wordsBelow } from '../support/canary.ts';
import { endedDisks, type EndedDisk, type EndedDisks } from '../support/ended-disks.ts';
import { until } from '../support/until.ts';

const minutesMs = 600_000;
const off = { enabled: false };
const config = {
  ...loopbackConfig,
  ...{ relay: off, conference: off, capacity: off, discovery: off },
  teardown: { farewellSeconds: 0 },
};
/** From where on steps are counted: what comes before is the start of any box. */
const firsts = { closed: '/mission/record', signed: '/teardown.json' };
const dying = (disk: EndedDisk, before: number): string =>
  new URL(`../support/dying.ts?before=${before}&from=${firsts[disk]}`, import.meta.url).href;
let disks: EndedDisks;

beforeAll(async () => {
  disks = await endedDisks();
}, 60_000);
afterAll(() => disks.remove());

/** A box on a copy of a disk, killed before a step on it; and what it left. */
async function cut(
  disk: EndedDisk,
  before: number,
): Promise<{ box: BoxProcess; hasEnded: boolean }> {
  const home = await disks.copy(disk);
  const box = await BoxProcess.start(config, home, undefined, dying(disk, before));
  const isThrough = async (): Promise<boolean> =>
    disk === 'closed' ? isThere(box, 'mission/record/record.json') : welcomesOf(box) === 2;
  const how = await until(
    `step ${before} or the end`,
    async () => (box.child.signalCode === 'SIGKILL' ? 'cut' : (await isThrough()) && 'through'),
    30_000,
  );
  const hasEnded = how === 'through' && box.child.signalCode === null;
  box.child.kill('SIGKILL');
  await box.ended;
  return { box, hasEnded };
}

/** Runs steps, two at a time, until one of them was the last; how many there are. */
async function untilThrough(
  stride: number,
  run: (step: number) => Promise<boolean>,
): Promise<number> {
  for (let step = 1; ; step += 2 * stride) {
    const isLast = await Promise.all([run(step), run(step + stride)]);
    if (isLast.includes(true)) return step;
  }
}

const welcomesOf = (box: BoxProcess): number => box.stdout.split('Press Ctrl-C').length - 1;

const isThere = (box: BoxProcess, below: string): Promise<boolean> =>
  readFile(join(box.directory, 'data', below)).then(
    () => true,
    () => false,
  );

const hashOfRecord = async (box: BoxProcess): Promise<string> =>
  createHash('sha512')
    .update(await readFile(join(box.directory, 'data/mission/record/record.tar')))
    .digest('hex');

test(
  'a power cut at any step of sealing and building leaves a box that proposes the same record',
  { timeout: minutesMs },
  async () => {
    const manifests = new Set<string>();
    const steps = await untilThrough(1, async (step) => {
      const { box, hasEnded } = await cut('closed', step);
      const again = await BoxProcess.start(config, box.directory);
      await until('the record', () => isThere(again, 'mission/record/record.json'), 30_000);
      const made = await hashOfRecord(again);
      manifests.add(await manifestOf(again));
      const note = await readFile(join(box.directory, 'data/mission/record/record.json'), 'utf8');
      expect(JSON.parse(note)).toMatchObject({ h: made });
      await again.remove();
      return hasEnded;
    });
    expect([...manifests]).toHaveLength(1);
    expect(steps).toBeGreaterThan(10);
  },
);

test(
  'a power cut at every other step of the wipe leaves the record whole, or a box that finishes the wipe first',
  { timeout: minutesMs },
  async () => {
    const seen = new Set<string>();
    const steps = await untilThrough(2, async (step) => {
      const { box, hasEnded } = await cut('signed', step);
      const data = join(box.directory, 'data');
      const journal = await readFile(join(data, 'teardown.json'), 'utf8').catch(() => undefined);
      const at = journal === undefined ? 'none' : (JSON.parse(journal) as { step: string }).step;
      seen.add(at);
      const isWiped = at === 'none' && (await readdir(data)).includes('last-certificate.json');
      if (at === 'none' && !isWiped) expect(await hashOfRecord(box)).toBe(disks.h);
      const again = await BoxProcess.start(config, box.directory);
      const where = `step ${step}, journal ${at}`;
      // One welcome to the old mission, if it is still there, and one to the next.
      const welcomes = at === 'none' && !isWiped ? 2 : 1;
      await until(`${where}: a new welcome`, () => welcomesOf(again) === welcomes, 30_000);
      if (at !== 'none') {
        // Nothing was started before the wipe was done.
        const [before] = again.stderr.split('begins anew');
        expect(before, where).not.toContain('service started');
      }
      again.child.kill('SIGTERM');
      await again.ended;
      await checkWiped(data, where);
      await again.remove();
      // What follows is the start of any box.
      return hasEnded || isWiped;
    });
    expect(steps).toBeGreaterThan(30);
    expect([...seen].sort()).toEqual(['decided', 'farewell', 'keys', 'none', 'wiping']);
  },
);

/** What is in the record, but for the reader, which whoever builds the app may change meanwhile. */
async function manifestOf(box: BoxProcess): Promise<string> {
  const bytes = await readFile(join(box.directory, 'data/mission/record/record.tar'));
  const opened = await openRecord(bytesInMemory(new Uint8Array(bytes)), nodeHashes);
  if (!opened.ok) throw new Error(opened.why);
  return JSON.stringify({ ...opened.value.manifest, reader: '' });
}

async function checkWiped(data: string, where: string): Promise<void> {
  const text = await readFile(join(data, 'last-certificate.json'));
  const parsed = readErasure(text);
  if (!parsed.ok) throw new Error(`${where}: ${parsed.why}`);
  expect(await checkErasure(nodeEngine, parsed.value)).toEqual({ ok: true });
  const { bk, c } = parsed.value;
  expect([bk, c.h, c.receipts.length, c.unseen], where).toEqual([disks.boxKey, disks.h, 2, []]);
  const swarms = c.erased.find(([path]) => path === 'mission/swarms');
  expect(swarms?.[1], where).toBeGreaterThan(20);
  await rm(join(data, 'last-certificate.json'));
  expect(wordsBelow(data, disks.canaries), where).toEqual([]);
}
