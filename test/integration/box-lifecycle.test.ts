import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { until } from '../support/until.ts';

const boxes: BoxProcess[] = [];
async function start(...args: Parameters<typeof BoxProcess.start>): Promise<BoxProcess> {
  const box = await BoxProcess.start(...args);
  boxes.push(box);
  return box;
}
async function startWith(...args: string[]): Promise<BoxProcess> {
  const box = await BoxProcess.startWith(args);
  boxes.push(box);
  return box;
}
afterEach(async () => {
  await Promise.all(boxes.splice(0).map((box) => box.remove()));
});

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

describe('the box', () => {
  test('starts every service and says where it is and how to stop it', async () => {
    const box = await start();
    await box.origin();
    const { services } = await box.health();
    expect(Object.keys(services)).toEqual([
      'swarm',
      'files',
      'broker',
      'relay',
      'conference',
      'capacity',
      'teardown',
      'gateway',
      'discovery',
    ]);
    const failed = Object.entries(services).filter(([, { status }]) => status === 'failed');
    expect(failed).toEqual([]);
    expect(box.stdout).toMatch(/On this machine {3}https:\/\/localhost:\d+\/#\/j\/AQ[\w-]{65}\n/);
    expect(box.stdout).toMatch(/begins with ([0-9A-F]{2}:){7}[0-9A-F]{2}\n/);
    for (const line of box.stderr.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  });

  test('shows a QR code with the address in the network when it listens there', async () => {
    const box = await start({ ...loopbackConfig, listen: 'lan', discovery: { enabled: false } });
    await box.origin();
    expect(box.stdout).toMatch(/In the network {4}https:\/\/[\d.]+:\d+\/#\/j\//);
    expect(box.stdout).toContain('▄▄▄▄▄');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'stops within five seconds after %s and leaves no process and no lock behind',
    async (signal) => {
      const box = await start();
      await box.origin();
      const children = [...(await box.children()).keys()];
      expect(children.length).toBeGreaterThanOrEqual(2);
      const began = performance.now();
      box.child.kill(signal);
      expect(await box.ended).toBe(0);
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(children.filter(isAlive)).toEqual([]);
      expect(await readdir(join(box.directory, 'data'))).not.toContain('lock');
    },
  );

  test('stops cleanly when the signal comes in the middle of its start', async () => {
    const box = await start();
    await until('it has begun', () => box.stderr.includes('service started'));
    box.child.kill('SIGINT');
    expect(await box.ended).toBe(0);
    expect(box.stderr).not.toContain('"level":50');
  });

  test('keeps its identity over a hard kill', async () => {
    const first = await start();
    await first.origin();
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await start(loopbackConfig, first.directory);
    await second.origin();
    const code = (text: string) => /#\/j\/(\S+)/.exec(text)?.[1];
    expect(code(second.stdout)).toBe(code(first.stdout));
  });
});

describe('a service killed by hand', () => {
  test.each([
    { what: 'the relay', command: /relay/, starts: 1 },
    // Replaced by its service, which goes on.
    { what: 'a media worker', command: /mediasoup-worker/, starts: 0 },
  ])('$what is back within seconds and the others did not notice', async ({ command, starts }) => {
    const box = await start();
    await box.origin();
    const find = async (): Promise<number | undefined> =>
      [...(await box.children())].find(([, line]) => command.test(line))?.[0];
    const victim = await until('it runs', find);
    const startedBefore = box.stderr.split('service started').length;
    process.kill(victim, 'SIGKILL');
    await until('another one runs', async () => {
      const now = await find();
      return now !== undefined && now !== victim;
    });
    await until('all is well again', async () => {
      const { services } = await box.health();
      return Object.values(services).every(({ status }) => status !== 'failed');
    });
    expect(box.stderr.split('service started').length).toBe(startedBefore + starts);
  });
});

describe('a start that cannot succeed says why in one sentence', () => {
  async function refused(box: BoxProcess): Promise<[number | null, string]> {
    const code = await box.ended;
    const lines = box.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    expect(lines).toHaveLength(1);
    expect(box.stdout).toBe('');
    return [code, lines[0] ?? ''];
  }

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const gateway = { httpsPort: port, httpPort: 0 };
    const box = await start({ ...loopbackConfig, gateway });
    expect(await refused(box)).toEqual([
      1,
      expect.stringContaining(`Port ${port} is used by another program.`),
    ]);
    other.close();
  });

  test('a key that nobody knows', async () => {
    const box = await start({ gateway: { prot: 1 } });
    expect(await refused(box)).toEqual([2, expect.stringContaining('"gateway.prot"')]);
  });

  test('an option that nobody knows', async () => {
    expect(await refused(await startWith('--bogus'))).toEqual([
      2,
      expect.stringContaining("'--bogus'"),
    ]);
  });

  test('a data directory that another box uses', async () => {
    const first = await start();
    await first.origin();
    const second = await startWith('--data', join(first.directory, 'data'));
    expect(await refused(second)).toEqual([
      1,
      expect.stringContaining(`process ${first.child.pid}`),
    ]);
  });

  test('a data directory that cannot be one', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'parley-file-'));
    await writeFile(join(directory, 'file'), '');
    const box = await startWith('--data', join(directory, 'file'));
    expect(await refused(box)).toEqual([1, expect.stringContaining('it is a file')]);
    await rm(directory, { recursive: true });
  });
});

describe('a box whose data is damaged', () => {
  async function withFileAt(below: string): Promise<BoxProcess> {
    const first = await start();
    await first.origin();
    first.child.kill('SIGTERM');
    await first.ended;
    const path = join(first.directory, 'data', below);
    await rm(path, { recursive: true, force: true });
    await writeFile(path, '');
    return start(loopbackConfig, first.directory);
  }

  test('never says that it runs when its store cannot be opened, but why, and ends', async () => {
    const box = await withFileAt('mission');
    expect(await box.ended).toBe(1);
    expect(box.stdout).toBe('');
    const lines = box.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    expect(lines).toEqual([
      expect.stringMatching(
        /^Parley cannot run without its service swarm, .*\. Mend that and start again\.$/,
      ),
    ]);
  });

  test('runs without a service that is not essential, and says so', async () => {
    const box = await withFileAt('mission/files');
    await box.origin();
    expect(box.stdout).toContain('Parley is running without: files, teardown.');
    expect((await box.health()).status).toBe('degraded');
  });
});

describe('--print-config', () => {
  test('shows every setting with default and meaning, and ends', async () => {
    const box = await startWith('--print-config');
    expect(await box.ended).toBe(0);
    expect(box.stdout).toContain('gateway.httpsPort = 8443  (default)\n    Port of the app');
  });
});
