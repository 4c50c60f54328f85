import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from './until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** What npm tells the programs it runs about the folder it runs in: a clone is another folder. */
const ofThisFolder =
  /^(?:npm_package_|npm_lifecycle_|npm_config_local_prefix|npm_command|INIT_CWD)/u;

/** The repository as a stranger gets it: a `git clone` of what is committed, where nothing is set up. */
export class FreshClone {
  readonly directory: string;
  readonly data: string;
  child: ChildProcess | undefined;
  stdout = '';
  stderr = '';

  private constructor(home: string) {
    this.directory = join(home, 'parley');
    this.data = join(home, 'data');
  }

  static async make(): Promise<FreshClone> {
    const home = await mkdtemp(join(tmpdir(), 'parley-clone-'));
    const clone = new FreshClone(home);
    await run('git', ['clone', '--quiet', root, clone.directory]);
    return clone;
  }

  /** `npm start` with this config file, set-up included; resolves to the app's origin on loopback. */
  async start(config: object): Promise<string> {
    const file = join(this.directory, '..', 'config.json');
    await writeFile(file, JSON.stringify(config));
    const args = ['start', '--', '--config', file, '--data', this.data];
    const child = spawn('npm', args, {
      cwd: this.directory,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.child = child;
    const link = await until(
      'the box runs',
      () => {
        if (child.exitCode !== null) throw new Error(`npm start ended: ${this.stderr}`);
        const isUp = this.stdout.includes('Press Ctrl-C to stop.');
        return isUp ? /https:\/\/localhost:\d+/u.exec(this.stdout)?.[0] : undefined;
      },
      6 * 60_000,
    );
    return link.replace('localhost', '127.0.0.1');
  }

  /** `npm run NAME -- ARGS` in the clone: what it printed and its exit code. */
  async npmRun(name: string, args: readonly string[]): Promise<{ code: number; text: string }> {
    const child = spawn('npm', ['run', '--silent', name, '--', ...args], {
      cwd: this.directory,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code: code ?? -1, text };
  }

  /** Ends the box as Ctrl-C does; resolves to the exit code. */
  async stop(): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    return ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(join(this.directory, '..'), { recursive: true, force: true, maxRetries: 5 });
  }
}

function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !ofThisFolder.test(name)),
  );
}
