import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { socketsOf } from '../support/open-sockets.ts';
import { until } from '../support/until.ts';

const boxes: BoxProcess[] = [];
const directories: string[] = [];
afterEach(async () => {
  await Promise.all(boxes.splice(0).map((box) => box.remove()));
  await Promise.all(directories.splice(0).map((path) => rm(path, { recursive: true })));
});

async function home(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'parley-start-'));
  directories.push(path);
  return path;
}
function keep(box: BoxProcess): BoxProcess {
  boxes.push(box);
  return box;
}

/** Exit code and the one sentence that a person reads. */
async function refusal(...args: string[]): Promise<[number | null, string]> {
  const box = keep(await BoxProcess.startWith(args));
  const code = await box.ended;
  expect(box.stdout).toBe('');
  expect(box.stderr.trimEnd().split('\n')).toHaveLength(1);
  return [code, box.stderr.trimEnd()];
}

describe('a slip on the command line', () => {
  test.each(['--data', '--config'])(
    '%s with an empty value is not the present directory',
    async (option) => {
      expect(await refusal(option, '')).toEqual([2, expect.stringContaining('has no value')]);
    },
  );

  test('a config file that never ends is not read to its end', async () => {
    expect(await refusal('--config', '/dev/zero')).toEqual([
      2,
      'The config file /dev/zero is larger than 1 MiB and surely another file.',
    ]);
  });

  test('a directory that holds other things keeps its rights', async () => {
    const directory = await home();
    await mkdir(join(directory, 'Documents'), { recursive: true, mode: 0o755 });
    const { mode } = await stat(directory);
    expect(await refusal('--data', directory)).toEqual([
      1,
      expect.stringContaining('it holds other things'),
    ]);
    expect((await stat(directory)).mode).toBe(mode);
  });
});

describe('a data directory with damage', () => {
  test('of the box key ends the start with a sentence, and leaves no lock', async () => {
    const data = join(await home(), 'data');
    await mkdir(join(data, 'box'), { recursive: true });
    await writeFile(join(data, 'box', 'box-key.pem'), 'rubbish');
    expect(await refusal('--data', data)).toEqual([1, expect.stringContaining('is damaged.')]);
    expect(await readdir(data)).toEqual(['box']);
  });

  test('where a file stands in the way says so in a sentence', async () => {
    const data = join(await home(), 'data');
    await mkdir(data);
    await writeFile(join(data, 'box'), '');
    expect(await refusal('--data', data)).toEqual([1, expect.stringContaining('cannot be used')]);
    expect(await readdir(data)).toEqual(['box']);
  });
});

describe('the QR code on the terminal', () => {
  test('is read by a scanner as exactly the address that is printed', async () => {
    const config = { ...loopbackConfig, listen: 'lan', discovery: { enabled: false } };
    const box = keep(await BoxProcess.start(config));
    await box.origin();
    const printed = /In the network {4}(\S+)/.exec(box.stdout)?.[1];
    const rows = box.stdout.split('\n').filter((line) => /^[█▀▄ ]{20,}$/.test(line));
    expect(await scanned(rows)).toBe(printed);
  });
});

describe('a box for this machine only', () => {
  test('opens no port that the network could reach, in any of its processes', async () => {
    const box = keep(await BoxProcess.start());
    await box.origin();
    const ids = [box.child.pid ?? 0, ...(await box.children()).keys()];
    const open = (await Promise.all(ids.map(socketsOf))).flat();
    // Web, plain web, MQTT, relay, conference over UDP and TCP.
    expect(open.length).toBeGreaterThanOrEqual(6);
    expect(open.filter(({ local }) => !local.startsWith('0100007F:'))).toEqual([]);
  });
});

describe('the end of a box', () => {
  test('lets nobody read what it kept: each file and directory is its own', async () => {
    const box = keep(await BoxProcess.start());
    await box.origin();
    box.child.kill('SIGTERM');
    expect(await box.ended).toBe(0);
    const data = join(box.directory, 'data');
    const found = await readdir(data, { recursive: true, withFileTypes: true });
    expect(found.length).toBeGreaterThan(4);
    for (const entry of found) {
      const { mode } = await stat(join(entry.parentPath, entry.name));
      expect(mode & 0o077, entry.name).toBe(0);
      expect(entry.name).not.toMatch(/\.tmp$|^lock/);
    }
  });

  test('comes at any moment of the start, by hand or hard, and the next start is well', async () => {
    const box = keep(await BoxProcess.start());
    await until('it has its lock', () =>
      readdir(join(box.directory, 'data')).then(
        (names) => names.includes('lock'),
        () => false,
      ),
    );
    box.child.kill('SIGKILL');
    await box.ended;
    for (const word of ['"swarm"', '"relay"', '"gateway"']) {
      const next = keep(await BoxProcess.start(loopbackConfig, box.directory));
      await until(`${word} has begun`, () => next.stderr.includes(word), 20_000);
      next.child.kill(word === '"relay"' ? 'SIGKILL' : 'SIGINT');
      await next.ended;
      expect(next.stderr).not.toMatch(/"level":[45]0/);
    }
    const last = keep(await BoxProcess.start(loopbackConfig, box.directory));
    expect((await last.health()).services['swarm']?.status).toBe('ok');
  }, 30_000);
});

/** What a scanner reads from a terminal that writes light blocks on a dark ground. */
async function scanned(rows: readonly string[]): Promise<string | undefined> {
  const path = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const wasmBinary = new Uint8Array(await readFile(path)).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  const scale = 4;
  const [width, height] = [(rows[0]?.length ?? 0) * scale, rows.length * 2 * scale];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    const half = Math.floor(y / scale);
    const line = rows[Math.floor(half / 2)] ?? '';
    for (let x = 0; x < width; x++) {
      const block = line[Math.floor(x / scale)] ?? ' ';
      const isLight = block === '█' || block === (half % 2 === 0 ? '▀' : '▄');
      data.fill(isLight ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  const found = await readBarcodes({ data, width, height, colorSpace: 'srgb' } as ImageData);
  return found[0]?.text;
}
