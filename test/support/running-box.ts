import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The answer of `/healthz`. */
export interface BoxHealth {
  status: string;
  services: Record<string, { status: string; says: string }>;
}

/** A real box in a process of its own, on loopback, with a data directory of its own. */
export class RunningBox {
  readonly directory: string;
  readonly port: number;
  /** What it printed for people. */
  printed = '';
  #child: ChildProcess | undefined;

  private constructor(directory: string, port: number) {
    this.directory = directory;
    this.port = port;
  }

  /** Makes a box with free ports and starts it. */
  static async start(): Promise<RunningBox> {
    const directory = await mkdtemp(join(tmpdir(), 'parley-box-'));
    const box = new RunningBox(directory, await freePort());
    const config = {
      listen: 'loopback',
      gateway: { httpsPort: box.port, httpPort: 0 },
      broker: { tlsPort: 0 },
      relay: { port: await freePort() },
      conference: { rtcPort: await freePort() },
    };
    await writeFile(join(directory, 'config.json'), JSON.stringify(config));
    await box.startAgain();
    return box;
  }

  get data(): string {
    return join(this.directory, 'data');
  }

  get origin(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Its main process; others hang below it. */
  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('the box does not run');
    return this.#child.pid;
  }

  async startAgain(): Promise<void> {
    const args = ['--config', join(this.directory, 'config.json'), '--data', this.data];
    const child = spawn(process.execPath, [join(root, 'appliance/main.ts'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let complaints = '';
    child.stdout.on('data', (text: Buffer) => (this.printed += text.toString()));
    child.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
    await until(
      'the box is well',
      async () => {
        if (child.exitCode !== null) throw new Error(`the box ended: ${complaints}`);
        return (await this.health())?.status === 'ok';
      },
      60_000,
    );
  }

  async health(): Promise<BoxHealth | undefined> {
    try {
      return JSON.parse(await this.get('/healthz')) as BoxHealth;
    } catch {
      return undefined;
    }
  }

  /** Body of an answer, whatever its status. */
  async get(path: string): Promise<string> {
    const asked = request(`${this.origin}${path}`, { rejectUnauthorized: false, agent: false });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return Buffer.concat(await answer.toArray()).toString();
  }

  /** Ctrl-C; resolves with the exit code. */
  async stop(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await ended)[0];
  }

  /** Stops it and removes everything it kept. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
