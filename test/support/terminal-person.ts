import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const main = fileURLToPath(new URL('../../appliance/terminal/main.ts', import.meta.url));

/** A command of the headless client in a process of its own. */
export class TerminalRun {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  /** Resolves to the exit code when it has ended; null if a signal ended it. */
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, input?: string) {
    this.child = spawn(process.execPath, [main, ...args], { env, stdio: 'pipe' });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.child.stdin?.on('error', () => undefined);
    this.child.stdin?.end(input);
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** The JSON lines on standard output so far. */
  get lines(): Record<string, unknown>[] {
    const whole = this.stdout.split('\n').slice(0, -1);
    return whole.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  }

  /** The first line of this event, once it is there. */
  line(event: string, deadlineMs = 40_000): Promise<Record<string, unknown>> {
    return until(
      `${event} of ${this.child.spawnargs[2]}; ${this.stderr}`,
      () => this.lines.find((one) => one['event'] === event),
      deadlineMs,
    );
  }

  /** Its exit code was 0; else throws with what it said. */
  async well(): Promise<this> {
    const code = await this.ended;
    if (code !== 0) throw new Error(`exit code ${code}: ${this.stderr}`);
    return this;
  }

  /** As a power cut ends it. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.child.kill(signal);
    await this.ended;
  }
}

/** Somebody with a state directory and a shell. */
export class TerminalPerson {
  readonly name: string;
  readonly home: string;
  readonly state: string;
  readonly passphrase: string;

  private constructor(name: string, home: string) {
    this.name = name;
    this.home = home;
    this.state = join(home, 'state');
    this.passphrase = `open sesame ${name}`;
  }

  static async arrive(name: string): Promise<TerminalPerson> {
    const home = await mkdtemp(join(tmpdir(), 'parley-terminal-'));
    await writeFile(join(home, 'passphrase'), `open sesame ${name}\n`);
    return new TerminalPerson(name, home);
  }

  /** Starts a command, with `--json` and the person's own state directory. */
  run(command: string, args: readonly string[] = [], input?: string): TerminalRun {
    const own = ['--state', this.state, '--passphrase-file', join(this.home, 'passphrase')];
    return new TerminalRun([command, ...args, ...own, '--json'], process.env, input);
  }

  async leave(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }
}

/** Two leads found a mission from their shells. */
export async function foundFromShells(origin: string): Promise<{
  rosa: TerminalPerson;
  bela: TerminalPerson;
}> {
  const [rosa, bela] = [await TerminalPerson.arrive('Rosa'), await TerminalPerson.arrive('Bela')];
  const proposing = rosa.run('found', [
    ...['--box', origin, '--mission', 'Flood response', '--party', 'Red', '--party', 'Blue'],
    ...['--as', 'Red', '--name', 'Rosa', '--unchecked'],
  ]);
  const link = String((await proposing.line('join-link'))['link']);
  const joining = bela.run('found', [link, '--as', 'Blue', '--name', 'Bela', '--unchecked']);
  await Promise.all([proposing.well(), joining.well()]);
  return { rosa, bela };
}
