import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
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
import { Doors } from '../support/doors.ts';
import type { Decoded } from '../support/sfu-page/page.ts';
import { until } from '../support/until.ts';

const never = new AbortController().signal;
const fp = (name: string): string => name.padEnd(52, 'a');
const cid = fp('talk');
const conf = toB64u(new Uint8Array(16).fill(1));
const room = roomId(cid, conf);
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

let folder: string;
let server: Server;
let browser: Browser;
let service: ConferenceService;
let red: Page;
let blue: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-sfu-page-'));
  const vite = resolve('node_modules/vite/bin/vite.js');
  const build = [vite, 'build', 'test/support/sfu-page', '--base', './', '--outDir', folder];
  await promisify(execFile)(process.execPath, build);
  server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '');
    response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
    const file = createReadStream(join(folder, path));
    file.on('error', () => void response.writeHead(404).end());
    file.pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
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
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--allow-loopback-in-peer-connection',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
    ],
  });
  [red, blue] = [await pageOf(fp('red')), await pageOf(fp('blue'))];
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A browser whose requests come in as those of a device. */
async function pageOf(device: string): Promise<Page> {
  const page = await browser.newPage();
  const doors = new Doors(service.routes);
  const caller = { device, member: fp('m'), party: fp('p') };
  await page.exposeFunction('ask', async (step: string, body: object) => {
    const path = `/v1/rooms/${room}${step === '' ? '' : `/${step}`}`;
    const asked =
      step === '' ? doors.ask('GET', path, { caller }) : doors.ask('POST', path, { caller, body });
    const { code, json } = await asked;
    if (code) throw new Error(code);
    return json;
  });
  await page.addInitScript(`window.me = '${device}';`);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return page;
}

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
