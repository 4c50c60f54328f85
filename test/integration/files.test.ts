import { randomBytes } from 'node:crypto';
import { readdir, readFile, truncate } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, filesBelow, FilesBox, fp, hashOf, MiB } from '../support/files-box.ts';
import type { GatewayDevice } from '../support/gateway-device.ts';
import type { Reply } from '../support/gateway-box.ts';
import { until } from '../support/until.ts';

let box: FilesBox;
let anna: GatewayDevice;
beforeEach(async () => {
  box = await FilesBox.start();
  anna = await box.device('anna', 'red');
});
afterEach(() => box.remove());

describe('a file', () => {
  test('is sent in parts, found by its hash, and read by another party whole and in ranges', async () => {
    const whole = randomBytes(9 * MiB + 17);
    const address = hashOf(whole);
    expect((await box.head(anna, address)).status).toBe(404);
    expect((await box.put(anna, whole, 0, 4 * MiB)).json()).toEqual({
      have: 4 * MiB,
      size: whole.length,
    });
    expect((await box.head(anna, address)).headers).toMatchObject({
      'parley-have': String(4 * MiB),
      'parley-size': String(whole.length),
    });
    expect((await box.get(anna, address)).status).toBe(404);
    await box.put(anna, whole, 4 * MiB, 8 * MiB);
    const done = await box.put(anna, whole, 8 * MiB, whole.length);
    expect(done.json()).toEqual({ have: whole.length, size: whole.length });

    const boris = await box.device('boris', 'blue');
    const all = await box.get(boris, address);
    expect(all.status).toBe(200);
    expect(all.headers['content-length']).toBe(String(whole.length));
    expect(all.body.equals(whole)).toBe(true);
    const some = await box.get(boris, address, 'bytes=5-1000');
    expect(some.status).toBe(206);
    expect(some.headers['content-range']).toBe(`bytes 5-1000/${whole.length}`);
    expect(some.body.equals(whole.subarray(5, 1001))).toBe(true);
    const rest = await box.get(boris, address, `bytes=${whole.length - 3}-`);
    expect(rest.body.equals(whole.subarray(-3))).toBe(true);
    expect(await filesBelow(join(box.directory, 'mission/files-quarantine'))).toEqual([]);
    const path = join(box.directory, 'mission/files', address.slice(0, 2), address);
    expect((await readFile(path)).equals(whole)).toBe(true);
  });

  test('goes on after a restart at the byte that is on the disk, even within a part', async () => {
    const whole = randomBytes(3 * MiB);
    const address = hashOf(whole);
    await box.put(anna, whole, 0, MiB);
    await box.put(anna, whole, MiB, 2 * MiB);
    const [name] = await filesBelow(join(box.directory, 'mission/files-quarantine'));
    const party = join(box.directory, 'mission/files-quarantine', fp('red'));
    // A power cut that tore the last part.
    await box.stop();
    await truncate(join(party, anna.dfp, name ?? ''), MiB + 100_003);
    await box.open();
    const again = await box.device('anna', 'red', anna);
    const have = Number((await box.head(again, address)).headers['parley-have']);
    expect(have).toBe(MiB + 100_003);
    expect((await box.put(again, whole, have, whole.length)).json()).toMatchObject({
      have: whole.length,
    });
    expect((await box.get(again, address)).body.equals(whole)).toBe(true);
  });

  test('that does not have its hash is refused at the end, and nothing of it is kept', async () => {
    const whole = randomBytes(2 * MiB);
    const address = hashOf(whole);
    whole[1_500_000] = (whole[1_500_000] ?? 0) ^ 1;
    await box.put(anna, whole, 0, MiB, address);
    const end = await box.put(anna, whole, MiB, whole.length, address);
    expect([end.status, codeOf(end)]).toEqual([409, 'FILES_HASH_WRONG']);
    expect((await box.head(anna, address)).status).toBe(404);
    expect(await filesBelow(join(box.directory, 'mission'))).toEqual([]);
  });

  test('sent by several at once is kept once, and nobody can spoil what another sends', async () => {
    const whole = randomBytes(3 * MiB);
    const address = hashOf(whole);
    const mallory = await box.device('mallory', 'blue');
    await box.put(mallory, Buffer.alloc(whole.length), 0, MiB, address);
    expect(Number((await box.head(anna, address)).headers['parley-have'] ?? 0)).toBe(0);
    const twins = [anna, await box.device('boris', 'blue')];
    await Promise.all(twins.map((one) => box.upload(one, whole, MiB)));
    expect((await box.get(mallory, address)).body.equals(whole)).toBe(true);
    const spoiled = await box.put(mallory, Buffer.alloc(whole.length), MiB, 2 * MiB, address);
    expect(spoiled.json()).toEqual({ have: whole.length, size: whole.length });
    await until(
      'one copy',
      async () => (await filesBelow(join(box.directory, 'mission/files-quarantine'))).length === 0,
    );
    expect((await box.get(mallory, address)).body.equals(whole)).toBe(true);
  });

  test('sent twice at the same place is added once', async () => {
    const whole = randomBytes(2 * MiB);
    const twice = await Promise.all([box.put(anna, whole, 0, MiB), box.put(anna, whole, 0, MiB)]);
    expect(twice.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const late = twice.find(({ status }) => status === 409) as Reply;
    expect([codeOf(late), late.headers['parley-have']]).toEqual([
      'FILES_OFFSET_WRONG',
      String(MiB),
    ]);
    expect((await box.put(anna, whole, MiB, whole.length)).status).toBe(200);
  });

  test('whose reader goes away in the middle frees its place', async () => {
    await box.restart({ downloadsPerDeviceCount: 1 });
    const anna = await box.device('anna', 'red');
    const whole = randomBytes(8 * MiB);
    await box.upload(anna, whole);
    const path = `/v1/f/${hashOf(whole)}`;
    for (let n = 0; n < 3; n++) {
      await new Promise<void>((resolve, reject) => {
        const sent = request({
          ...{ host: '127.0.0.1', port: box.gateway.gateway.ports.https, path, agent: false },
          ...{ rejectUnauthorized: false, headers: anna.headers('GET', path, new Uint8Array()) },
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
      await until(
        'the place is free',
        async () => (await box.get(anna, hashOf(whole))).status === 200,
      );
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
        const reply = await box.ask(anna, method, `/v1/f/${name}`);
        expect(reply.status, `${method} ${name}`).toBe(400);
      }
    }
    expect(await readdir(box.directory)).toEqual([]);
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
      const reply = await box.ask(anna, 'PUT', `/v1/f/${address}`, { 'content-range': lie }, body);
      expect([reply.status, codeOf(reply)], lie).toEqual([400, 'FILES_REQUEST_MALFORMED']);
    }
    const begins = { 'content-range': 'bytes 65536-131071/200000' };
    const late = await box.ask(anna, 'PUT', `/v1/f/${address}`, begins, body);
    expect(codeOf(late)).toBe('FILES_OFFSET_WRONG');
    const tiny = { 'content-range': 'bytes 0-9/200000' };
    const small = await box.ask(anna, 'PUT', `/v1/f/${address}`, tiny, new Uint8Array(10));
    expect(codeOf(small)).toBe('FILES_REQUEST_MALFORMED');
    expect((await box.head(anna, address)).status).toBe(404);
    expect(await filesBelow(box.directory)).toEqual([]);

    const whole = randomBytes(1000);
    await box.upload(anna, whole);
    for (const lie of ['bytes=1000-', 'bytes=5-4', 'bytes=-5', 'bytes=0-1,3-4', 'bytes=a-b', 'x']) {
      const reply = await box.get(anna, hashOf(whole), lie);
      expect([reply.status, codeOf(reply)], lie).toEqual([416, 'FILES_RANGE_EMPTY']);
      expect(reply.headers['content-range']).toBe('bytes */1000');
    }
    expect((await box.get(anna, hashOf(whole), 'bytes=990-99999')).body.length).toBe(10);
  });

  test('is a total that changes on the way', async () => {
    const whole = randomBytes(MiB);
    await box.put(anna, whole, 0, 100_000);
    const headers = { 'content-range': `bytes 100000-199999/${MiB + 1}` };
    const path = `/v1/f/${hashOf(whole)}`;
    const reply = await box.ask(anna, 'PUT', path, headers, whole.subarray(100_000, 200_000));
    expect(codeOf(reply)).toBe('FILES_OFFSET_WRONG');
  });

  test('are parts of more than 4 MiB, before they are read', async () => {
    const whole = Buffer.alloc(4 * MiB + 1);
    expect((await box.put(anna, whole, 0, whole.length)).status).toBe(413);
  });

  test('is everything without a session', async () => {
    for (const method of ['GET', 'HEAD', 'PUT']) {
      expect((await box.gateway.ask(method, `/v1/f/${address}`)).status).toBe(403);
    }
  });
});
