import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Route } from '#kernel/route.ts';
import { Doors } from './doors.ts';

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };
const member = { member: 'm'.padEnd(52, 'a'), party: 'p'.padEnd(52, 'a') };

/** One browser with a page of `sfu-page/` for each device, at the doors of a conference service. */
export class SfuPages {
  #folder!: string;
  #server!: Server;
  #browser!: Browser;

  async start(): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-sfu-page-'));
    this.#folder = folder;
    const vite = resolve('node_modules/vite/bin/vite.js');
    const build = [vite, 'build', 'test/support/sfu-page', '--base', './', '--outDir', folder];
    await promisify(execFile)(process.execPath, build);
    this.#server = createServer((request, response) => {
      const path = request.url === '/' ? '/index.html' : (request.url ?? '');
      response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
      const file = createReadStream(join(folder, path));
      file.on('error', () => void response.writeHead(404).end());
      file.pipe(response);
    });
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    this.#browser = await chromium.launch({
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
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    this.#server?.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** A page whose requests come in at a room's doors as those of a device. */
  async open(device: string, room: string, routes: readonly Route[]): Promise<Page> {
    const page = await this.#browser.newPage();
    const doors = new Doors(routes);
    const caller = { device, ...member };
    await page.exposeFunction('ask', async (step: string, body: object) => {
      const path = `/v1/rooms/${room}${step === '' ? '' : `/${step}`}`;
      const asked =
        step === ''
          ? doors.ask('GET', path, { caller })
          : doors.ask('POST', path, { caller, body });
      const { code, json } = await asked;
      if (code) throw new Error(code);
      return json;
    });
    await page.addInitScript(`window.me = '${device}';`);
    await page.goto(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`);
    return page;
  }
}
