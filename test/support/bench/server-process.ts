import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { until } from '../until.ts';
import { memoryBytes } from './process-cost.ts';

const START_DEADLINE_MS = 60_000;
const SETTLE_DEADLINE_MS = 20_000;
const LOOK_EVERY_MS = 500;

/** A server in a process of its own that answers `/healthz` over HTTPS on this machine. */
export class ServerProcess {
  readonly origin: string;
  /** From the start of the process until `/healthz` says ok, in milliseconds. */
  readonly startMs: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, origin: string, startMs: number) {
    this.#child = child;
    this.origin = origin;
    this.startMs = startMs;
  }

  /** Starts `node` with these arguments; resolves when it is well. */
  static async start(args: readonly string[], port: number): Promise<ServerProcess> {
    const origin = `https://127.0.0.1:${port}`;
    const begun = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    try {
      await until(`${args[0]} says ok`, () => hasEnded(child) || isWell(origin), START_DEADLINE_MS);
    } catch (error) {
      child.kill();
      throw error;
    }
    if (hasEnded(child)) throw new Error(`${args[0]} ended with ${child.exitCode}`);
    return new ServerProcess(child, origin, performance.now() - begun);
  }

  /** Memory of all its processes in bytes, shared pages divided among the sharers (PSS), once it rests. */
  async idleBytes(): Promise<number> {
    let last = memoryBytes(this.pid);
    const end = performance.now() + SETTLE_DEADLINE_MS;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const now = memoryBytes(this.pid);
      if (Math.abs(now - last) < now / 200 || performance.now() > end) return now;
      last = now;
    }
  }

  async stop(): Promise<void> {
    if (hasEnded(this.#child)) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }

  /** Id of its process. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function isWell(origin: string): Promise<boolean> {
  const response = await new Promise<IncomingMessage | undefined>((resolve) => {
    const options = { rejectUnauthorized: false, agent: false };
    get(`${origin}/healthz`, options, resolve).on('error', () => resolve(undefined));
  });
  if (response === undefined) return false;
  const body = Buffer.concat(await response.toArray()).toString();
  return response.statusCode === 200 && JSON.parse(body).status === 'ok';
}
