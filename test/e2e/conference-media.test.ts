import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { silentLogger } from '#kernel/log.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import {
  conferenceConfig,
  createConference,
  type ConferenceService,
} from '../../appliance/services/conference/index.ts';
import { roomId } from '../../appliance/services/conference/rooms.ts';
import type { Decoded } from '../support/sfu-page/page.ts';
import { SfuPages } from '../support/sfu-pages.ts';
import { until } from '../support/until.ts';

const never = new AbortController().signal;
const fp = (name: string): string => name.padEnd(52, 'a');
const cid = fp('talk');
const conf = toB64u(new Uint8Array(16).fill(1));
const room = roomId(cid, conf);

const pages = new SfuPages();
let service: ConferenceService;
let red: Page;
let blue: Page;

beforeAll(async () => {
  await pages.start();
  service = createConference(
    {
      addresses: () => ['127.0.0.1'],
      insiders: { isInside: () => true },
      clock: systemClock,
      log: silentLogger,
    },
    conferenceConfig.parse({ rtcPort: 0, workersCount: 1 }),
  );
  await service.start(never);
  const open = (name: string) => pages.open(fp(name), room, service.routes);
  [red, blue] = [await open('red'), await open('blue')];
});
afterAll(async () => {
  await pages.stop();
  await service?.stop();
});

async function joinBoth(): Promise<void> {
  for (const page of [red, blue]) {
    await page.evaluate(
      (body) => (window as unknown as { join(body: object): Promise<void> }).join(body),
      { cid, conf },
    );
  }
}

/** Resolves when the page has seen moving pictures and heard a voice. */
function seesAndHears(page: Page): Promise<unknown> {
  return until(
    'picture and sound',
    async () => {
      const seen = await page.evaluate(() =>
        (window as unknown as { look(): Promise<Decoded> }).look(),
      );
      return seen.framesDecoded > 20 && seen.audioEnergy > 0.001;
    },
    30_000,
  );
}

test('two browsers see and hear each other through the doors and the real SFU', async () => {
  await joinBoth();
  await Promise.all([seesAndHears(red), seesAndHears(blue)]);
});

test('after the worker was killed they join again and see and hear each other within seconds', async () => {
  const told: string[] = [];
  service.events.on('room', ({ devices }) => told.push(...devices));
  process.kill(service.pids[0] ?? 0, 'SIGKILL');
  await until('told', () => told.length >= 2);
  expect(told.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([fp('blue'), fp('red')]);
  await until('replaced', () => service.health().status === 'ok');
  await joinBoth();
  await Promise.all([seesAndHears(red), seesAndHears(blue)]);
});
