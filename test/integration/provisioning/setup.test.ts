import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processTree } from '../../support/memory.ts';
import { until } from '../../support/until.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const setup = join(root, 'provisioning/setup');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'parley-setup-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the lock of a set-up', () => {
  const program = `
    const { withLock } = await import(process.argv[1]);
    await withLock(process.argv[2], () => console.log('waiting'), async () => {
      console.log('working');
      await new Promise((resolve) => process.stdin.once('data', resolve));
    });
    console.log('done');
    process.exit();`;

  function locker(): { child: ChildProcess; said: () => string } {
    const module = `file://${setup}/shell/lock.mjs`;
    const args = ['--input-type=module', '-e', program, module, join(directory, 'lock')];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
    return { child, said: () => said };
  }

  it('makes the second wait until the first is done', async () => {
    const first = locker();
    await until('the first works', () => first.said() === 'working\n');
    const second = locker();
    await until('the second waits', () => second.said() === 'waiting\n');
    first.child.stdin?.write('go on\n');
    await until('the second works', () => second.said() === 'waiting\nworking\n');
    expect(first.said()).toBe('working\ndone\n');
    second.child.stdin?.write('go on\n');
    await once(second.child, 'exit');
  });

  it('is free again when its holder is killed', async () => {
    const first = locker();
    await until('the first works', () => first.said() === 'working\n');
    first.child.kill('SIGKILL');
    const second = locker();
    await until('the second works', () => second.said().endsWith('working\n'));
    second.child.stdin?.write('go on\n');
    await once(second.child, 'exit');
  });
});

describe('the hash that decides whether something is built', () => {
  async function hash(): Promise<string> {
    const { treeHash } = (await import(`${setup}/shell/tree-hash.mjs`)) as {
      treeHash(base: string, paths: string[]): string;
    };
    return treeHash(directory, ['a', 'not-there']);
  }

  it('changes with a name, with a content and with what lies in which file', async () => {
    mkdirSync(join(directory, 'a/b'), { recursive: true });
    writeFileSync(join(directory, 'a/b/x'), 'one');
    writeFileSync(join(directory, 'a/y'), 'two');
    const seen = [await hash()];
    expect(await hash()).toBe(seen[0]);
    writeFileSync(join(directory, 'a/y'), 'tw');
    seen.push(await hash());
    writeFileSync(join(directory, 'a/b/x'), 'onet');
    seen.push(await hash());
    renameSync(join(directory, 'a/b/x'), join(directory, 'a/b/z'));
    seen.push(await hash());
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('the build of the mediasoup worker', () => {
  it('stops when an edit no longer finds its place in the sources', async () => {
    const packageDirectory = join(directory, 'mediasoup');
    const edited = join(packageDirectory, 'worker/src/RTC/DtlsTransport.cpp');
    mkdirSync(join(packageDirectory, 'worker/src/RTC'), { recursive: true });
    for (const file of ['meson.build', 'src/RTC/DtlsTransport.cpp']) {
      cpSync(
        join(root, 'node_modules/mediasoup/worker', file),
        join(packageDirectory, 'worker', file),
      );
    }
    const source = readFileSync(edited, 'utf8');
    writeFileSync(
      edited,
      source.replace('operationType == BIO_CB_RETURN', 'fixedUpstream(operationType)'),
    );
    const { buildWorker } = (await import(`${setup}/worker/build.mjs`)) as {
      buildWorker(from: string, work: string, onProgress: (text: string) => void): Promise<string>;
    };
    await expect(buildWorker(packageDirectory, join(directory, 'work'), () => {})).rejects.toThrow(
      /DtlsTransport\.cpp has 0 places/,
    );
  });
});

describe('npm start on a machine that is set up', () => {
  const start = join(setup, 'start.mjs');

  it('adds nothing to what the box prints, and returns its exit code', () => {
    for (const argument of ['--help', '--nonsense']) {
      const direct = spawnSync(process.execPath, [join(root, 'appliance/main.ts'), argument]);
      const started = spawnSync(process.execPath, [start, argument]);
      expect(started.stdout).toEqual(direct.stdout);
      expect(started.status).toBe(direct.status);
    }
    expect(spawnSync(process.execPath, [start, '--nonsense']).status).not.toBe(0);
  });

  it('passes SIGTERM on, ends with 0 within five seconds and leaves no process', async () => {
    const config = join(directory, 'config.json');
    const sections = {
      gateway: { httpsPort: 0, httpPort: 0 },
      broker: { tlsPort: 0 },
      relay: { port: 0 },
      conference: { rtcPort: 0 },
    };
    writeFileSync(config, JSON.stringify({ listen: 'loopback', logLevel: 'error', ...sections }));
    const args = [start, '--data', join(directory, 'data'), '--config', config];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    await until('the box is up', () => said.includes('Parley is running'), 30_000);
    const processes = processTree(child.pid ?? 0);
    expect(processes.length).toBeGreaterThan(1);
    const ended = once(child, 'exit');
    const begun = performance.now();
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - begun).toBeLessThan(5_000);
    const alive = processes.filter(exists);
    expect(alive).toEqual([]);
  });
});

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // No such process.
  }
}
