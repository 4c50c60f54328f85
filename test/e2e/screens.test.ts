import { execFile } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scenes } from '../support/stage/scenes.ts';

/** The policy that the box sends; a screen must not need more. */
const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
  "font-src 'self' data:; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'";
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

let folder: string;
let server: Server;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-stage-'));
  const vite = resolve('node_modules/vite/bin/vite.js');
  await promisify(execFile)(process.execPath, [
    vite,
    'build',
    'test/support/stage',
    '--outDir',
    folder,
  ]);
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://stage');
    const file = join(folder, pathname === '/' ? 'index.html' : pathname);
    if (!existsSync(file)) return void response.writeHead(404).end();
    const type = types[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a person could stumble over on the screen that is shown. */
async function stumblingBlocks(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const isSeen = (element: Element) => element.checkVisibility({ visibilityProperty: true });
    const headings = document.querySelectorAll('h1').length;
    if (headings !== 1) found.push(`${headings} main headings`);
    if (document.querySelectorAll('main').length !== 1) found.push('not one main part');
    if (!/(^| · )Parley$/u.test(document.title)) found.push(`title ${document.title}`);
    if (document.documentElement.scrollWidth > innerWidth) found.push('scrolls sideways');
    const controls = 'button, a[href], select, textarea, input:not([type=radio], [type=checkbox])';
    for (const control of document.querySelectorAll<HTMLElement>(controls)) {
      const { width, height } = control.getBoundingClientRect();
      // Things of a few pixels are for screen readers alone; reactions repeat what the menu offers.
      if (!isSeen(control) || width < 8 || control.closest('[class*=reactions]')) continue;
      const name = control.ariaLabel ?? (control.textContent || control.id);
      if (height < 44) found.push(`${name} is ${height} pixels high`);
      if (name.trim() === '') found.push(`a nameless ${control.tagName}`);
    }
    return found;
  });
}

describe.each([
  { who: 'a phone in English', width: 390, height: 844, query: 'language=en&theme=light' },
  { who: 'a small phone in German', width: 320, height: 640, query: 'language=de&theme=light' },
  { who: 'a phone in Arabic, dark', width: 390, height: 844, query: 'language=ar&theme=dark' },
  { who: 'a desk in Ukrainian', width: 1280, height: 800, query: 'language=uk&contrast=1' },
])('every screen on $who', ({ width, height, query }) => {
  test('has one heading, reachable and named controls, and keeps to the policy', async () => {
    const page = await browser.newPage({ viewport: { width, height }, locale: 'en-GB' });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('favicon.ico'))
        complaints.push(message.text());
    });
    const found: Record<string, string[]> = {};
    for (const scene of Object.keys(scenes)) {
      await page.goto(`${origin}/?scene=${scene}&${query}`);
      await page.waitForSelector('h1');
      const blocks = [...(await stumblingBlocks(page)), ...complaints.splice(0)];
      if (blocks.length > 0) found[scene] = blocks;
    }
    await page.close();
    expect(found).toEqual({});
  });
});

/** What the scripted engine was told to do. */
function commands(page: Page): Promise<unknown[]> {
  return page.evaluate(
    () => (globalThis as unknown as { client: { commands: unknown[] } }).client.commands,
  );
}

async function scene(name: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  await page.goto(`${origin}/?scene=${name}&language=en`);
  await page.waitForSelector('h1');
  return page;
}

describe('a decision', () => {
  test('to sign needs a second of holding; a tap is not enough', async () => {
    const page = await scene('found-sign');
    const sign = page.getByRole('button', { name: 'Sign the charter' });
    await sign.click();
    expect(await commands(page)).toEqual([]);
    await sign.click({ delay: 1200 });
    expect(await commands(page)).toEqual([['signCharter']]);
    await page.close();
  });

  test('about the safety code has two answers that look the same', async () => {
    const page = await scene('found-code');
    const look = (name: string) =>
      page.getByRole('button', { name }).evaluate((button) => {
        const { width, height } = button.getBoundingClientRect();
        const { backgroundColor, color, fontWeight } = getComputedStyle(button);
        return { width, height, backgroundColor, color, fontWeight };
      });
    expect(await look('It matches')).toEqual(await look('It differs'));
    await page.close();
  });
});

describe('a conversation', () => {
  test('is walked with the arrows, and its menu opens from the keyboard', async () => {
    const page = await scene('chat');
    await page.getByRole('article').last().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Reply' }).press('Enter');
    await page.getByText('Reply to Noor').waitFor();
    await page.close();
  });

  test('says a new message of somebody once, and what was there before never', async () => {
    const page = await scene('chat');
    const announcer = page.locator('[data-announcer]');
    expect(await announcer.textContent()).toBe('');
    await page.evaluate(() => {
      const { client } = globalThis as unknown as {
        client: { messages(cid: string): object[]; arrive(cid: string, message: object): void };
      };
      client.arrive('all', { ...client.messages('all')[1], sid: 'fresh', text: 'The dam holds.' });
    });
    await expect.poll(() => announcer.textContent()).toBe('Noor, Blue: The dam holds.');
    await page.close();
  });

  test('of five thousand messages draws only its newest ones', async () => {
    const page = await scene('chat-long');
    expect(await page.getByRole('article').count()).toBe(150);
    await page.getByText('Message number 4999').waitFor();
    await page.close();
  });
});
