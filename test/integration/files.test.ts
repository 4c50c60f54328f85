import { createHash, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import {
  createFiles,
  filesConfig,
  type FilesService,
} from '../../appliance/services/files/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { gatewayBox, type GatewayBox, type Reply } from '../support/gateway-box.ts';
import { GatewayDevice } from '../support/gateway-device.ts';
import { until } from '../support/until.ts';

const never = new AbortController().signal;
const MiB = 1_048_576;
const nobody = new Uint8Array();

/** The service behind a real gateway; `restart` is a new process on the same disk. */
class FilesBox {
  readonly directory: string;
  readonly clock = new FakeClock();
  readonly config: object;
  service: FilesService;
  gateway!: GatewayBox;

  constructor(directory: string, config: object) {
    this.directory = directory;
    this.config = config;
    this.service = this.#made();
  }

  async start(): Promise<this> {
    await this.service.start(never);
    this.gateway = await gatewayBox({}, this.service.routes);
    return this;
  }

  async stop(): Promise<void> {
    await this.gateway.close();
    await this.service.stop();
  }

  #made(): FilesService {
    const { clock, directory } = this;
    const path = (below: string): string => join(directory, below);
    const deps = { path, partiesCount: () => 2, clock, log: silentLogger };
    return createFiles(
      deps,
      filesConfig.parse({ keepFreeBytes: 0, idleHours: 8760, ...this.config }),
    );
  }
}

let directory: string;
let box: FilesBox;
let anna: GatewayDevice;
const open: FilesBox[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-files-'));
  await openBox();
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.stop();
  await rm(directory, { recursive: true });
});

async function openBox(config: object = {}, at = directory): Promise<void> {
  for (const one of open.splice(0)) await one.stop();
  box = await new FilesBox(at, config).start();
  open.push(box);
  anna = await device(fp('anna'), fp('red'));
}

/** Somebody of a party, logged in. */
async function device(member: string, party: string): Promise<GatewayDevice> {
  const made = new GatewayDevice(box.gateway);
  box.gateway.devices.set(made.dfp, { key: made.signer.publicKey, member, party });
  return made.logIn();
}

function fp(name: string): string {
  return name.padEnd(52, 'a');
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('hex');
}

function ask(
  who: GatewayDevice,
  method: string,
  path: string,
  extra: Record<string, string> = {},
  body: Uint8Array = nobody,
): Promise<Reply> {
  const headers = { ...who.headers(method, path, body), ...extra };
  return box.gateway.ask(method, path, { headers, body });
}

function put(
  who: GatewayDevice,
  whole: Uint8Array,
  from: number,
  to: number,
  address = hashOf(whole),
): Promise<Reply> {
  const range = `bytes ${from}-${to - 1}/${whole.length}`;
  const part = whole.subarray(from, to);
  return ask(who, 'PUT', `/v1/f/${address}`, { 'content-range': range }, part);
}

async function upload(who: GatewayDevice, whole: Uint8Array, step = 4 * MiB): Promise<Reply> {
  let last: Reply | undefined;
  for (let at = 0; at < whole.length; at += step) {
    last = await put(who, whole, at, Math.min(at + step, whole.length));
    if (last.status !== 200) return last;
  }
  return last as Reply;
}

const head = (who: GatewayDevice, address: string) => ask(who, 'HEAD', `/v1/f/${address}`);
const get = (who: GatewayDevice, address: string, range?: string) =>
  ask(who, 'GET', `/v1/f/${address}`, range === undefined ? {} : { range });
const code = (reply: Reply) => reply.json()['code'];

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('a file', () => {
  test('is sent in parts, found by its hash, and read by another party whole and in ranges', async () => {
    const whole = randomBytes(9 * MiB + 17);
    const address = hashOf(whole);
    expect((await head(anna, address)).status).toBe(404);
    expect((await put(anna, whole, 0, 4 * MiB)).json()).toEqual({
      have: 4 * MiB,
      size: whole.length,
    });
    expect((await head(anna, address)).headers).toMatchObject({
      'parley-have': String(4 * MiB),
      'parley-size': String(whole.length),
    });
    expect((await get(anna, address)).status).toBe(404);
    await put(anna, whole, 4 * MiB, 8 * MiB);
    const done = await put(anna, whole, 8 * MiB, whole.length);
    expect(done.json()).toEqual({ have: whole.length, size: whole.length });

    const boris = await device(fp('boris'), fp('blue'));
    const all = await get(boris, address);
    expect(all.status).toBe(200);
    expect(all.headers['content-length']).toBe(String(whole.length));
    expect(all.body.equals(whole)).toBe(true);
    const some = await get(boris, address, 'bytes=5-1000');
    expect(some.status).toBe(206);
    expect(some.headers['content-range']).toBe(`bytes 5-1000/${whole.length}`);
    expect(some.body.equals(whole.subarray(5, 1001))).toBe(true);
    const rest = await get(boris, address, `bytes=${whole.length - 3}-`);
    expect(rest.body.equals(whole.subarray(-3))).toBe(true);
    expect(await filesBelow(join(directory, 'mission/files-quarantine'))).toEqual([]);
    const path = join(directory, 'mission/files', address.slice(0, 2), address);
    expect((await readFile(path)).equals(whole)).toBe(true);
  });

  test('goes on after a restart at the byte that is on the disk, even within a part', async () => {
    const whole = randomBytes(3 * MiB);
    const address = hashOf(whole);
    await put(anna, whole, 0, MiB);
    await put(anna, whole, MiB, 2 * MiB);
    const signer = anna.signer;
    // A power cut that tore the last part.
    const [name] = await filesBelow(join(directory, 'mission/files-quarantine'));
    const path = join(directory, 'mission/files-quarantine', fp('red'), anna.dfp, name ?? '');
    for (const one of open.splice(0)) await one.stop();
    await truncate(path, MiB + 100_003);
    box = await new FilesBox(directory, {}).start();
    open.push(box);
    const again = Object.assign(new GatewayDevice(box.gateway), { signer, dfp: anna.dfp });
    box.gateway.devices.set(anna.dfp, {
      key: signer.publicKey,
      member: fp('anna'),
      party: fp('red'),
    });
    await again.logIn();
    const have = Number((await head(again, address)).headers['parley-have']);
    expect(have).toBe(MiB + 100_003);
    expect((await put(again, whole, have, whole.length)).json()).toMatchObject({
      have: whole.length,
    });
    expect((await get(again, address)).body.equals(whole)).toBe(true);
  });

  test('that does not have its hash is refused at the end, and nothing of it is kept', async () => {
    const whole = randomBytes(2 * MiB);
    const address = hashOf(whole);
    whole[1_500_000] = (whole[1_500_000] ?? 0) ^ 1;
    await put(anna, whole, 0, MiB, address);
    const end = await put(anna, whole, MiB, whole.length, address);
    expect([end.status, code(end)]).toEqual([409, 'FILES_HASH_WRONG']);
    expect((await head(anna, address)).status).toBe(404);
    expect(await filesBelow(join(directory, 'mission'))).toEqual([]);
  });

  test('sent by several at once is kept once, and nobody can spoil what another sends', async () => {
    const whole = randomBytes(3 * MiB);
    const address = hashOf(whole);
    const mallory = await device(fp('mallory'), fp('blue'));
    await put(mallory, Buffer.alloc(whole.length), 0, MiB, address);
    expect(Number((await head(anna, address)).headers['parley-have'] ?? 0)).toBe(0);
    const twins = [anna, await device(fp('boris'), fp('blue'))];
    await Promise.all(twins.map((one) => upload(one, whole, MiB)));
    expect((await get(mallory, address)).body.equals(whole)).toBe(true);
    const spoiled = await put(mallory, Buffer.alloc(whole.length), MiB, 2 * MiB, address);
    expect(spoiled.json()).toEqual({ have: whole.length, size: whole.length });
    await until(
      'one copy',
      async () => (await filesBelow(join(directory, 'mission/files-quarantine'))).length === 0,
    );
    expect((await get(mallory, address)).body.equals(whole)).toBe(true);
  });

  test('sent twice at the same place is added once', async () => {
    const whole = randomBytes(2 * MiB);
    const twice = await Promise.all([put(anna, whole, 0, MiB), put(anna, whole, 0, MiB)]);
    expect(twice.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const late = twice.find(({ status }) => status === 409) as Reply;
    expect([code(late), late.headers['parley-have']]).toEqual(['FILES_OFFSET_WRONG', String(MiB)]);
    expect((await put(anna, whole, MiB, whole.length)).status).toBe(200);
  });

  test('whose reader goes away in the middle frees its place', async () => {
    await openBox({ downloadsPerDeviceCount: 1 });
    const whole = randomBytes(8 * MiB);
    await upload(anna, whole);
    const { request } = await import('node:https');
    const path = `/v1/f/${hashOf(whole)}`;
    for (let n = 0; n < 3; n++) {
      await new Promise<void>((resolve, reject) => {
        const sent = request({
          ...{ host: '127.0.0.1', port: box.gateway.gateway.ports.https, path, agent: false },
          ...{ rejectUnauthorized: false, headers: anna.headers('GET', path, nobody) },
        });
        sent.on('error', reject);
        sent.on('response', (answer) => {
          answer.on('error', () => {});
          answer.once('data', () => {
            sent.destroy();
            resolve();
          });
        });
        sent.end();
      });
      await until('the place is free', async () => (await get(anna, hashOf(whole))).status === 200);
    }
  });
});

describe('refused without a trace', () => {
  const address = 'ab'.repeat(64);

  test('are addresses that are none, and paths that lead elsewhere', async () => {
    const odd = [
      'ab',
      'AB'.repeat(64),
      `${'ab'.repeat(63)}zz`,
      '..%2f..%2fbox',
      `..%2f${'a'.repeat(125)}`,
    ];
    for (const name of odd) {
      for (const method of ['GET', 'PUT']) {
        const reply = await ask(anna, method, `/v1/f/${name}`);
        expect(reply.status, `${method} ${name}`).toBe(400);
      }
    }
    expect(await readdir(directory)).toEqual([]);
  });

  test('are ranges that lie', async () => {
    const body = new Uint8Array(65_536);
    const lies = [
      '',
      'bytes 0-65535/*',
      'bytes 0-65534/70000',
      'bytes 0-65536/70000',
      'bytes 5-1/70000',
      'bytes 0-65535/65535',
      'bytes -1-65534/70000',
      'bytes 0-65535/99999999999999999999',
      'items 0-65535/65536',
      'bytes 0-65535/65536, bytes 0-65535/65536',
    ];
    for (const lie of lies) {
      const reply = await ask(anna, 'PUT', `/v1/f/${address}`, { 'content-range': lie }, body);
      expect([reply.status, code(reply)], lie).toEqual([400, 'FILES_REQUEST_MALFORMED']);
    }
    const begins = { 'content-range': 'bytes 65536-131071/200000' };
    const late = await ask(anna, 'PUT', `/v1/f/${address}`, begins, body);
    expect(code(late)).toBe('FILES_OFFSET_WRONG');
    const tiny = { 'content-range': 'bytes 0-9/200000' };
    const small = await ask(anna, 'PUT', `/v1/f/${address}`, tiny, new Uint8Array(10));
    expect(code(small)).toBe('FILES_REQUEST_MALFORMED');
    expect((await head(anna, address)).status).toBe(404);
    expect(await filesBelow(directory)).toEqual([]);

    const whole = randomBytes(1000);
    await upload(anna, whole);
    for (const lie of ['bytes=1000-', 'bytes=5-4', 'bytes=-5', 'bytes=0-1,3-4', 'bytes=a-b', 'x']) {
      const reply = await get(anna, hashOf(whole), lie);
      expect([reply.status, code(reply)], lie).toEqual([416, 'FILES_RANGE_EMPTY']);
      expect(reply.headers['content-range']).toBe('bytes */1000');
    }
    expect((await get(anna, hashOf(whole), 'bytes=990-99999')).body.length).toBe(10);
  });

  test('is a total that changes on the way', async () => {
    const whole = randomBytes(MiB);
    await put(anna, whole, 0, 100_000);
    const headers = { 'content-range': `bytes 100000-199999/${MiB + 1}` };
    const path = `/v1/f/${hashOf(whole)}`;
    const reply = await ask(anna, 'PUT', path, headers, whole.subarray(100_000, 200_000));
    expect(code(reply)).toBe('FILES_OFFSET_WRONG');
  });

  test('are parts of more than 4 MiB, before they are read', async () => {
    const whole = Buffer.alloc(4 * MiB + 1);
    expect((await put(anna, whole, 0, whole.length)).status).toBe(413);
  });

  test('is everything without a session', async () => {
    for (const method of ['GET', 'HEAD', 'PUT']) {
      expect((await box.gateway.ask(method, `/v1/f/${address}`)).status).toBe(403);
    }
  });
});

describe('limits', () => {
  test('each party has an equal share, counted from the first byte and after a restart', async () => {
    const config = { storeBytes: 4 * MiB };
    await openBox(config);
    expect((await upload(anna, randomBytes(MiB))).status).toBe(200);
    const large = randomBytes(MiB);
    await put(anna, large, 0, 100_000);
    const third = randomBytes(MiB);
    expect(code(await put(anna, third, 0, 100_000))).toBe('FILES_SHARE_USED');
    const boris = await device(fp('boris'), fp('blue'));
    expect((await upload(boris, third)).status).toBe(200);
    await openBox(config);
    expect(code(await put(anna, randomBytes(MiB), 0, 100_000))).toBe('FILES_SHARE_USED');
    const other = await device(fp('boris'), fp('blue'));
    expect((await put(other, randomBytes(MiB), 0, 100_000)).status).toBe(200);
  });

  test('a file counts for at least a block, so that tiny ones fill the share too', async () => {
    await openBox({ storeBytes: MiB });
    const codes = new Set<unknown>();
    for (let n = 0; n < 140; n++) codes.add(code(await upload(anna, randomBytes(20))));
    expect(codes).toEqual(new Set([undefined, 'FILES_SHARE_USED']));
    expect(await filesBelow(join(directory, 'mission/files'))).toHaveLength(128);
  });

  test('one file has a largest size, one device a number of beginnings', async () => {
    await openBox({ maxFileBytes: 2 * MiB, uploadsPerDeviceCount: 2 });
    expect(code(await put(anna, randomBytes(3 * MiB), 0, MiB))).toBe('FILES_TOO_LARGE');
    const some = [1, 2, 3].map(() => randomBytes(MiB));
    const replies = [];
    for (const whole of some) replies.push(code(await put(anna, whole, 0, 100_000)));
    expect(replies).toEqual([undefined, undefined, 'FILES_CROWD']);
    expect((await put(anna, some[0] as Buffer, 100_000, MiB)).status).toBe(200);
    expect((await put(anna, some[2] as Buffer, 0, 100_000)).status).toBe(200);
  });

  test('what nobody adds to is removed after a week', async () => {
    const whole = randomBytes(MiB);
    await put(anna, whole, 0, 100_000);
    for (const one of open.splice(0)) await one.stop();
    box = new FilesBox(directory, { idleHours: 168 });
    box.clock.jump(Date.now() - box.clock.now() + 167 * 3_600_000);
    await box.start();
    open.push(box);
    expect(await filesBelow(directory)).toHaveLength(1);
    await box.stop();
    box.clock.jump(2 * 3_600_000);
    await box.start();
    await until('gone', async () => (await filesBelow(directory)).length === 0);
  });

  test('the disk keeps room for everything else', async () => {
    await openBox({ keepFreeBytes: 2 ** 52 });
    const reply = await put(anna, randomBytes(MiB), 0, 100_000);
    expect([reply.status, code(reply)]).toEqual([503, 'FILES_DISK_FULL']);
    expect(reply.headers['retry-after']).toBe('60');
  });

  test('a disk that is full refuses, keeps what was there, and goes on when there is room', async () => {
    const disk = await mkdtemp(join(tmpdir(), 'parley-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'parley-test', disk]);
    try {
      await openBox({}, disk);
      const whole = randomBytes(2 * MiB);
      await put(anna, whole, 0, MiB);
      const filler = join(disk, 'filler');
      await writeFile(filler, Buffer.alloc(MiB + 500_000));
      const reply = await put(anna, whole, MiB, whole.length);
      expect([reply.status, code(reply)]).toEqual([503, 'FILES_DISK_FULL']);
      expect((await head(anna, hashOf(whole))).headers['parley-have']).toBe(String(MiB));
      await rm(filler);
      expect((await put(anna, whole, MiB, whole.length)).status).toBe(200);
      expect((await get(anna, hashOf(whole))).body.equals(whole)).toBe(true);
      for (const one of open.splice(0)) await one.stop();
    } finally {
      execFileSync('umount', [disk]);
      await rm(disk, { recursive: true });
    }
  });

  test('memory does not grow with the size of a file', async () => {
    const whole = randomBytes(64 * MiB);
    const before = process.memoryUsage().arrayBuffers;
    await upload(anna, whole);
    const size = (
      await stat(join(directory, 'mission/files', hashOf(whole).slice(0, 2), hashOf(whole)))
    ).size;
    expect(size).toBe(whole.length);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 * MiB);
  });
});

test('a box that is about to stop takes nothing, and still gives', async () => {
  const whole = randomBytes(MiB);
  await upload(anna, whole);
  await box.service.quiesce();
  const refused = await put(anna, randomBytes(MiB), 0, 100_000);
  expect([refused.status, code(refused)]).toEqual([503, 'FILES_CLOSING']);
  expect((await get(anna, hashOf(whole))).status).toBe(200);
});
