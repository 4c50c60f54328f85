import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { cpuMs } from '../process-cost.ts';

/** The box of the bench: a process of its own on a copy of a store. */
export class BoxUnderTest {
  readonly origin: string;
  readonly directory: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, directory: string, port: string) {
    this.#child = child;
    this.directory = directory;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** Copies the store, starts the process, and waits until it has judged what is stored. */
  static async start(store: string, pages = ''): Promise<BoxUnderTest> {
    const directory = await mkdtemp(join(tmpdir(), 'parley-bench-box-'));
    await cp(store, directory, { recursive: true });
    const program = fileURLToPath(new URL('box-process.ts', import.meta.url));
    const child = spawn(process.execPath, [program, directory, pages], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const port of createInterface({ input: child.stdout })) {
      return new BoxUnderTest(child, directory, port);
    }
    throw new Error('the box of the bench did not start');
  }

  /** Processor time that it has used, in milliseconds. */
  get cpuMs(): number {
    return cpuMs(this.#child.pid ?? 0);
  }

  /** The repository of a swarm. */
  repository(cid: string): string {
    return join(this.directory, 'mission/swarms', `${cid}.git`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await ended;
    }
    await rm(this.directory, { recursive: true, force: true });
  }
}
