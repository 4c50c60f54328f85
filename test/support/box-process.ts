import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BoxHealth } from '#kernel/service.ts';
import { until } from './until.ts';

const main = fileURLToPath(new URL('../../appliance/main.ts', import.meta.url));

/** Free ports everywhere, and nothing that leaves this machine. */
export const loopbackConfig = {
  listen: 'loopback',
  gateway: { httpsPort: 0, httpPort: 0 },
  broker: { tlsPort: 0 },
  relay: { port: 0 },
  conference: { rtcPort: 0, workersCount: 1 },
};

/** The real box as a process of its own, with a data directory that a test may look into. */
export class BoxProcess {
  readonly directory: string;
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  /** Resolves to the exit code when the process has ended. */
  readonly ended: Promise<number | null>;

  private constructor(
    directory: string,
    args: readonly string[],
    node = process.execPath,
    preload?: string,
  ) {
    this.directory = directory;
    const before = preload === undefined ? [] : ['--import', preload];
    this.child = spawn(node, [...before, main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  /**
   * Starts with this config file and a data directory, which is new unless one is given; `node` is
   * what runs it, `preload` a module that is loaded before the box.
   */
  static async start(
    config: object = loopbackConfig,
    directory?: string,
    node?: string,
    preload?: string,
  ): Promise<BoxProcess> {
    const home = directory ?? (await mkdtemp(join(tmpdir(), 'parley-box-')));
    const file = join(home, 'config.json');
    await writeFile(file, JSON.stringify(config));
    const args = ['--config', file, '--data', join(home, 'data')];
    return new BoxProcess(home, args, node, preload);
  }

  /** Starts with just these arguments. */
  static async startWith(args: readonly string[]): Promise<BoxProcess> {
    return new BoxProcess(await mkdtemp(join(tmpdir(), 'parley-box-')), args);
  }

  /** Origin of the app, once the box has said it. */
  async origin(): Promise<string> {
    const found = await until(
      'the box is running',
      () => {
        if (this.child.exitCode !== null) throw new Error(`the box ended: ${this.stderr}`);
        const link = /https:\/\/localhost:\d+/.exec(this.stdout);
        return this.stdout.includes('Press Ctrl-C to stop.') ? link?.[0] : undefined;
      },
      20_000,
    );
    return found.replace('localhost', '127.0.0.1');
  }

  /** What `/healthz` says now. */
  health(): Promise<BoxHealth> {
    return this.json('/healthz');
  }

  /** The JSON that an open address answers with, to a POST if there is a body. */
  async json<T>(path: string, body?: object): Promise<T> {
    const agent = new Agent({ rejectUnauthorized: false, keepAlive: false });
    const how = body && { method: 'POST', headers: { 'content-type': 'application/json' } };
    const sent = request(`${await this.origin()}${path}`, { agent, ...how });
    sent.end(body && JSON.stringify(body));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return JSON.parse(Buffer.concat(await answer.toArray()).toString()) as T;
  }

  /** Child processes of the box: id → command line. */
  async children(): Promise<Map<number, string>> {
    const { pid } = this.child;
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
    const found = new Map<number, string>();
    for (const id of text.trim().split(' ').filter(Boolean).map(Number)) {
      const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
      found.set(id, line.replaceAll('\0', ' '));
    }
    return found;
  }

  /** Ends it, if it still runs, and removes its files. */
  async remove(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.ended;
    await rm(this.directory, { recursive: true, force: true });
  }
}
