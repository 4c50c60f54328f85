import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { MadeSwarm } from './made-swarm.ts';
import type { Cloned } from './reading-device.ts';

/** The page that clones in a browser, built; `remove` ends it. */
export async function builtPage(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'parley-bench-page-'));
  const vite = resolve('node_modules/vite/bin/vite.js');
  const page = 'test/support/bench/swarm/page';
  const build = [vite, 'build', page, '--base', './', '--outDir', path];
  await promisify(execFile)(process.execPath, build);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Clones in Chromium with a fresh profile; throws when the page does. */
export async function cloneInChromium(
  origin: string,
  { mission, newest, reader, room }: MadeSwarm,
): Promise<Omit<Cloned, 'room' | 'sync'>> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${origin}/`);
    const task = { mission, newest, reader, room };
    return await page.evaluate((given) => {
      const { clone } = window as unknown as {
        clone(task: typeof given): Promise<Omit<Cloned, 'room' | 'sync'>>;
      };
      return clone(given);
    }, task);
  } finally {
    await browser.close();
  }
}
