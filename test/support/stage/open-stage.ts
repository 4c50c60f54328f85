import { execFile } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { protectedHeaders } from '../../../appliance/services/gateway/headers.ts';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

/** The screens over the scripted engine, built and served with the headers of the box. */
export interface OpenStage {
  readonly browser: Browser;
  readonly origin: string;
  /** A desk in English at a scene. */
  scene(name: string): Promise<Page>;
  close(): Promise<void>;
}

/** Builds the stage and opens a browser on it; `args` are further switches of the browser. */
export async function openStage(args: readonly string[] = []): Promise<OpenStage> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-stage-'));
  const vite = resolve('node_modules/vite/bin/vite.js');
  const build = [vite, 'build', 'test/support/stage', '--outDir', folder];
  await promisify(execFile)(process.execPath, build);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://stage');
    const file = join(folder, pathname === '/' ? 'index.html' : pathname);
    if (!existsSync(file)) return void response.writeHead(404).end();
    const type = types[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { ...protectedHeaders, 'content-type': type });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic'];
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...quiet, '--disable-background-networking', ...args],
  });
  return {
    browser,
    origin,
    async scene(name) {
      const viewport = { width: 1280, height: 800 };
      const page = await browser.newPage({ viewport, locale: 'en-GB' });
      await page.goto(`${origin}/?scene=${name}&language=en`);
      await page.waitForSelector('h1');
      return page;
    },
    async close() {
      await browser.close();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the scripted engine was told to do, without pointers. */
export async function commands(page: Page): Promise<unknown[][]> {
  const all = await page.evaluate(
    () => (globalThis as unknown as { client: { commands: unknown[][] } }).client.commands,
  );
  return all.filter(([name]) => name !== 'point');
}
