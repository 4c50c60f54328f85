import { execFile } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Plan, Seen } from '../support/frames/page.ts';

/** The policy that the box sends; the frame worker must not need more. */
const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'";
/** Energy of the comfort noise that a browser makes up where nothing comes; a voice has a million times more. */
const noise = 1e-6;
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

let folder: string;
let server: Server;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-frames-'));
  const vite = resolve('node_modules/vite/bin/vite.js');
  const build = [vite, 'build', 'test/support/frames', '--base', './', '--outDir', folder];
  await promisify(execFile)(process.execPath, build);
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://frames');
    const file = join(folder, pathname === '/' ? 'index.html' : pathname);
    if (!existsSync(file)) return void response.writeHead(404).end();
    const type = types[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
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
  page = await browser.newPage();

  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

function run(plan: Plan): Promise<Seen> {
  return page.evaluate(
    (given) => (window as unknown as { run(plan: Plan): Promise<Seen> }).run(given),
    plan,
  );
}

test('with the key, picture and sound arrive, and the sender is verified', async () => {
  const seen = await run({ receiverKey: 'right', seconds: 6 });
  expect(seen.sealMs + seen.openMs).toBeLessThan(10);
  expect(seen.framesDecoded).toBeGreaterThan(30);
  expect(seen.audioEnergy).toBeGreaterThan(0.001);
  expect(seen.kinds).toEqual(['audio', 'video']);
  expect(seen.trust).toEqual(['verified', 'verified']);
  expect(seen.dropped).not.toHaveProperty('not-genuine');
});

test('with another key nothing is decoded', async () => {
  const seen = await run({ receiverKey: 'wrong', seconds: 4 });
  expect(seen.packetsReceived).toBeGreaterThan(30);
  expect(seen.framesDecoded).toBe(0);
  expect(seen.audioEnergy).toBeLessThan(noise);
  expect(seen.dropped['not-genuine']).toBeGreaterThan(30);
});

test('without any key nothing is decoded, and nothing is shown in clear', async () => {
  const seen = await run({ receiverKey: 'none', seconds: 3 });
  expect(seen.framesDecoded).toBe(0);
  expect(seen.audioEnergy).toBeLessThan(noise);
  expect(seen.dropped['no-key']).toBeGreaterThan(20);
});

test('a sender without a key sends no frame at all', async () => {
  const seen = await run({ receiverKey: 'right', isSenderSilent: true, seconds: 3 });
  expect(seen.packetsReceived).toBe(0);
  expect(seen.framesDecoded).toBe(0);
});

test('who is told the new key after a leave goes on, who is not decodes nothing more', async () => {
  const told = await run({ receiverKey: 'right', rekey: 'told', seconds: 5 });
  expect(told.framesDecoded).toBeGreaterThan(15);
  expect(told.audioEnergy).toBeGreaterThan(0.001);
  const untold = await run({ receiverKey: 'right', rekey: 'untold', seconds: 5 });
  expect(untold.framesDecoded).toBe(0);
  expect(untold.audioEnergy).toBeLessThan(noise);
});
