import { readdir, rm } from 'node:fs/promises';
import { connect } from 'node:tls';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { nodeEngine } from '#kernel/node-engine.ts';
import type { BoxHealth } from '#kernel/service.ts';
import { checkErasure, type Erasure } from '#protocol/export/erasure.ts';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { wordsBelow } from '../support/canary.ts';
import { endedDisks, type EndedDisks } from '../support/ended-disks.ts';
import { paperFounding } from '../support/founders.ts';
import { until } from '../support/until.ts';

const off = { enabled: false };
const configWith = (farewellSeconds: number): object => ({
  ...loopbackConfig,
  ...{ relay: off, conference: off, capacity: off, discovery: off },
  teardown: { farewellSeconds },
});
/** Several starts of a real box. */
const longer = { timeout: 60_000 };
let disks: EndedDisks;
const boxes: BoxProcess[] = [];

beforeAll(async () => {
  disks = await endedDisks();
}, 60_000);
afterEach(async () => {
  await Promise.all(boxes.splice(0).map((box) => box.remove()));
});
afterAll(() => disks.remove());

async function start(farewellSeconds: number, home?: string): Promise<BoxProcess> {
  const box = await BoxProcess.start(
    configWith(farewellSeconds),
    home ?? (await disks.copy('signed')),
  );
  boxes.push(box);
  return box;
}

/** What the certificate of the TLS door begins with. */
async function tlsFingerprint(origin: string): Promise<string> {
  const port = Number(new URL(origin).port);
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

const farewell = (box: BoxProcess): Promise<BoxHealth> =>
  until('the farewell', async () => {
    const health = await box.health().catch(() => undefined);
    return health && Object.keys(health.services).length === 2 ? health : undefined;
  });

test(
  'the certificate is shown under the old keys, and nothing else but health and app',
  longer,
  async () => {
    const box = await start(600);
    const before = await box.origin();
    const { services } = await farewell(box);
    expect(services['teardown']?.says).toMatch(/wiped/);
    expect(services['gateway']?.status).not.toBe('failed');
    expect(box.stdout).toContain((await tlsFingerprint(before)).split(':').slice(0, 8).join(':'));
    expect(await box.json('/v1/end/state')).toEqual({ step: 'wiped', waited: 0 });
    const erasure = await box.json<Erasure>('/v1/end/certificate');
    expect(await checkErasure(nodeEngine, erasure)).toEqual({ ok: true });
    expect([erasure.bk, erasure.c.h, erasure.c.unseen]).toEqual([disks.boxKey, disks.h, []]);
    for (const path of ['/v1/box', '/v1/founding', '/v1/claims/a', '/v1/s', '/v1/end/record']) {
      const answer = await box.json<{ code: string }>(path);
      expect([path, answer.code]).toEqual([path, 'GATEWAY_PATH_UNKNOWN']);
    }
    expect(await readdir(join(box.directory, 'data'))).not.toContain('mission');
  },
);

test(
  'a box that is stopped during the farewell says it again, then begins anew',
  longer,
  async () => {
    const first = await start(600);
    await first.origin();
    await farewell(first);
    const began = performance.now();
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(5_000);
    const data = join(first.directory, 'data');
    expect((await readdir(data)).sort()).toEqual(['box', 'last-certificate.json', 'teardown.json']);

    const second = await start(1, first.directory);
    const origin = await second.origin();
    expect(second.stderr).toContain('begins anew');
    const { bk, mission } = await second.json<{ bk: string; mission?: string }>('/v1/box');
    expect(bk).not.toBe(disks.boxKey);
    expect(mission).toBe(undefined);
    const erasure = await second.json<Erasure>('/v1/end/certificate');
    expect(erasure.bk).toBe(disks.boxKey);
    expect(origin).toMatch(/^https:/);
  },
);

test(
  'the next mission begins in the same process, on the same port, with other keys',
  longer,
  async () => {
    const box = await start(1);
    const origin = await box.origin();
    const said = (form: RegExp): string[] =>
      [...box.stdout.matchAll(form)].map(([, one = '']) => one);
    await until('two welcomes', () => said(/#\/j\/(\S+)/g).length === 2);
    const codes = said(/#\/j\/(\S+)/g);
    expect(codes[0]).not.toBe(codes[1]);
    const [first, second] = said(/begins with (\S+)/g);
    expect(first).not.toBe(second);
    expect((await tlsFingerprint(origin)).startsWith(second ?? '?')).toBe(true);
    const { services } = await box.health();
    expect(Object.keys(services)).toEqual(['swarm', 'files', 'broker', 'teardown', 'gateway']);
    const { opening } = await paperFounding(2);
    expect(await box.json('/v1/founding', opening)).not.toHaveProperty('code');
    expect(await box.json('/v1/box')).toMatchObject({ founding: true });
    box.child.kill('SIGTERM');
    expect(await box.ended).toBe(0);
    const data = join(box.directory, 'data');
    await rm(join(data, 'last-certificate.json'));
    expect(wordsBelow(data, disks.canaries)).toEqual([]);
  },
);
