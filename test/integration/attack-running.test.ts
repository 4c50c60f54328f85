import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { paperFounding } from '../support/founders.ts';
import { freePort } from '../support/free-port.ts';
import { socketsOf } from '../support/open-sockets.ts';
import { seeded } from '../support/seeded.ts';
import { askBox, foundOverWire, type WireAnswer, type WireDevice } from '../support/wire-device.ts';

/** One box for all of these: what one attack leaves behind would show in the next. */
let box: BoxProcess;
let origin: string;
let ports: { relay: number; sfu: number };
let children: number[];
let cid: string;
let red: WireDevice;
let blue: WireDevice;
const refusals: string[] = [];

beforeAll(async () => {
  ports = { relay: await freePort(), sfu: await freePort() };
  box = await BoxProcess.start({
    ...loopbackConfig,
    logLevel: 'debug',
    relay: { port: ports.relay },
    conference: { rtcPort: ports.sfu, workersCount: 1 },
    gateway: { ...loopbackConfig.gateway, openRequestBurstCount: 10_000 },
  });
  origin = await box.origin();
  children = await lastingChildren();
  ({ cid, red, blue } = await foundOverWire(origin, strangersAtTheFounding));
}, 60_000);
afterAll(() => box.remove());

/** The relay and the media worker; not what looks at the machine for a moment. */
async function lastingChildren(): Promise<number[]> {
  const all = [...(await box.children())];
  return all.filter(([, line]) => /relay|mediasoup|turn/.test(line)).map(([pid]) => pid);
}

async function well(): Promise<void> {
  const { services } = await box.health();
  const broken = Object.entries(services).filter(([, { status }]) => status === 'failed');
  expect(broken).toEqual([]);
  // Nothing was started again behind our back.
  expect(await lastingChildren()).toEqual(children);
}

async function strangersAtTheFounding(paper: Awaited<ReturnType<typeof paperFounding>>) {
  const stranger = await paperFounding(2);
  const note = async (path: string, body: object | string): Promise<void> => {
    const { status, code } = await askBox(origin, 'POST', path, body);
    refusals.push(`${status} ${code}`);
  };
  const first = await paper.entry(await paper.commit(0));
  const second = await paper.entry(await paper.commit(1));
  await note('/v1/founding', stranger.opening);
  await note('/v1/founding', { ...stranger.opening, names: 'A'.repeat(40_000) });
  await note('/v1/founding', '['.repeat(60_000));
  await note('/v1/founding/posts', await stranger.entry(await stranger.commit(0)));
  await note('/v1/founding/posts', await stranger.entry({ t: 'end', why: 'lost' }));
  await note('/v1/founding/posts', { ...second, s: first.s });
  await note('/v1/founding/posts', await paper.entry(await paper.found(0)));
  await note('/v1/founding/posts', await paper.entry({ t: 'found', o: 'dHJlZSB4' }));
  // From several addresses: one alone may not hold so many connections.
  const flood = Array.from({ length: 200 }, (_, i) => {
    const forged = { ...second, s: Buffer.alloc(64, i).toString('base64url') };
    return askBox(origin, 'POST', '/v1/founding/posts', forged, {}, `127.0.0.${2 + (i % 4)}`);
  });
  refusals.push(...new Set((await Promise.all(flood)).map(({ status }) => `${status} flood`)));
}

describe('strangers at a founding', () => {
  test('can neither post, end, replace nor fill it, and the mission is made all the same', () => {
    expect(refusals).toEqual([
      '409 SWARM_FOUNDING_OPEN',
      ...Array<string>(2).fill('400 SWARM_REQUEST_MALFORMED'),
      ...Array<string>(5).fill('400 SWARM_FOUNDING_POST_REFUSED'),
      '400 flood',
    ]);
    expect(cid).toMatch(/^[a-z2-7]{52}$/);
  });

  test('cannot found another mission or end this one afterwards', async () => {
    const late = await paperFounding(2);
    const answers = [
      await askBox(origin, 'POST', '/v1/founding', late.opening),
      await askBox(origin, 'POST', '/v1/founding/posts', await late.entry({ t: 'end', why: 'x' })),
    ];
    for (const { status } of answers) expect(status).toBe(409);
    await well();
  });
});

describe('a claim', () => {
  test.each([{}, [], 'x'.repeat(16_000), { claim: {}, si: '', sm: '', sd: '', n: '' }])(
    'that is none is refused: %#',
    async (body) => {
      expect((await askBox(origin, 'POST', '/v1/claims', body)).code).toBe(
        'SWARM_REQUEST_MALFORMED',
      );
    },
  );

  test.each(['guess', '__proto__', '%00', 'a'.repeat(32), '..%2f..%2f'])(
    'cannot be guessed as %s',
    async (id) => {
      expect((await askBox(origin, 'GET', `/v1/claims/${id}`)).code).toBe('SWARM_CLAIM_UNKNOWN');
    },
  );
});

const size = (type: number, bytes: number): Buffer => {
  const out: number[] = [];
  let byte = (type << 4) | (bytes % 16);
  for (let rest = Math.floor(bytes / 16); rest > 0; rest = Math.floor(rest / 128)) {
    out.push(byte | 0x80);
    byte = rest % 128;
  }
  return Buffer.from([...out, byte]);
};
const pack = (count: number, ...objects: Buffer[]): Buffer => {
  const head = Buffer.alloc(12);
  head.write('PACK');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(count, 8);
  const bytes = Buffer.concat([head, ...objects]);
  return Buffer.concat([bytes, createHash('sha1').update(bytes).digest()]);
};
const hello = deflateSync(Buffer.from('hello'));
const bomb = deflateSync(Buffer.alloc(64 << 20), { level: 9 });

describe('a pack of a member', () => {
  test.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a head only', Buffer.from('PACK')],
    ['more objects than there are', pack(0xffff_ffff)],
    ['an object that grows beyond its size', pack(1, size(3, 10), bomb)],
    ['an object of 64 MiB in 64 KiB', pack(1, size(3, 64 << 20), bomb)],
    [
      'forty of them',
      pack(40, ...Array<Buffer>(40).fill(Buffer.concat([size(3, 64 << 20), bomb]))),
    ],
    ['a size without end', pack(1, Buffer.alloc(60, 0xff), hello)],
    ['a delta', pack(1, size(7, 5), Buffer.alloc(20), hello)],
    ['a delta to itself', pack(1, size(6, 5), Buffer.from([0]), hello)],
    ['a tag', pack(1, size(4, 5), hello)],
    ['an object of no type', pack(1, size(0, 5), hello)],
    ['twenty thousand objects', pack(20_000, ...Array<Buffer>(20_000).fill(size(3, 5)))],
    ['four megabytes of anything', Buffer.alloc(4 << 20, 0x41)],
  ])('with %s is refused at every door, and costs nobody else anything', async (_what, bytes) => {
    const poll = blue.ask('GET', `/v1/s/${cid}/refs`);
    for (const path of ['/v1/s', `/v1/s/${cid}/pack`, `/v1/s/${cid}/pack?head=${'0'.repeat(40)}`]) {
      const { status, code } = await red.ask('POST', path, bytes);
      expect([status, code]).toEqual([400, 'SWARM_PACK_REFUSED']);
    }
    expect((await poll).status).toBe(200);
    await well();
  });

  test.each<[string, object]>([
    ['nothing', {}],
    ['a negative size', { have: [], want: [], max: -1 }],
    ['a size that is no number', { have: [], want: [], max: 'all' }],
    ['names that are paths', { have: ['../../box'], want: [], max: 1 }],
    ['too many names', { have: Array<string>(1_100).fill('a'.repeat(40)), want: [], max: 1 }],
  ])('is not made for a question with %s', async (_what, question) => {
    const body = Buffer.from(JSON.stringify(question));
    const { status, code } = await red.ask('POST', `/v1/s/${cid}/fetch`, body);
    expect([status, code]).toEqual([400, 'SWARM_REQUEST_MALFORMED']);
  });

  test('is empty for commits that nobody has, whatever size is asked for', async () => {
    const want = Array<string>(700).fill('b'.repeat(40));
    const question = { have: [], want, max: Number.MAX_SAFE_INTEGER };
    const body = Buffer.from(JSON.stringify(question));
    const answer = await red.ask('POST', `/v1/s/${cid}/fetch`, body);
    expect([answer.status, answer.body.subarray(0, 4).toString()]).toEqual([200, 'PACK']);
    expect(answer.body.length).toBe(32);
  });
});

describe('a signed request', () => {
  const send = (headers: Record<string, string>, path = '/v1/s'): Promise<WireAnswer> =>
    askBox(origin, 'GET', path, undefined, headers);

  test('is good once, for its path, in its own session', async () => {
    const proof = red.proof('GET', '/v1/s');
    expect((await send(proof)).status).toBe(200);
    const stolen = red.proof('GET', '/v1/s', undefined, { session: blue.sessionId });
    for (const answer of [
      await send(proof),
      await send(red.proof('GET', '/v1/s'), `/v1/s/${cid}/refs`),
      await send(red.proof('GET', '/v1/s'), '/v1/s?x=1'),
      await send(stolen),
    ]) {
      expect([answer.status, answer.code]).toEqual([403, 'GATEWAY_REQUEST_UNPROVEN']);
    }
    // A stranger's attempts in her name have not used up the counters of Blue's lead.
    expect((await blue.ask('GET', '/v1/s')).status).toBe(200);
  });

  test.each(['..', '%2e%2e', 'x'.repeat(52), '__proto__', 'constructor'])(
    'for a swarm named %s learns nothing',
    async (name) => {
      const answer = await red.ask('GET', `/v1/s/${name}/refs`);
      expect([answer.status, answer.code]).toEqual([403, 'SWARM_UNKNOWN']);
    },
  );
});

describe('rubbish at the ports for calls', () => {
  test('ends neither the relay nor a media worker', async () => {
    const random = seeded(20_261_122);
    const socket = createSocket('udp4');
    const heads = [[], [0, 1], [0, 3], [0x40, 0], [22, 0xfe, 0xfd], [0x80, 96], [0x81, 200]];
    for (const port of Object.values(ports)) {
      for (let i = 0; i < 700; i++) {
        const bytes = Buffer.from(
          Array.from({ length: 1 + Math.floor(random() * 300) }, () => Math.floor(random() * 256)),
        );
        Buffer.from(heads[i % heads.length] ?? []).copy(bytes);
        if (i % 2 === 0 && bytes.length > 20) {
          bytes.writeUInt16BE((bytes.length - 20) & ~3, 2);
          bytes.writeUInt32BE(0x2112_a442, 4);
        }
        await new Promise((resolve) => socket.send(bytes, port, '127.0.0.1', resolve));
      }
    }
    socket.close();
    await well();
  });
});

describe('after all that, the box', () => {
  test('has no connection to anybody outside', async () => {
    const pids = [box.child.pid ?? 0, ...children];
    const sockets = (await Promise.all(pids.map(socketsOf))).flat();
    expect(sockets.length).toBeGreaterThanOrEqual(6);
    const here = /^(0100007F|00000000|0{32}|0{24}0{7}1):/;
    expect(sockets.filter(({ remote }) => !here.test(remote))).toEqual([]);
  });

  test('has written no identity, content, address or key into its log, not even at debug', () => {
    for (const secret of [
      ...[red.sessionId, blue.sessionId, red.dfp, blue.dfp, cid],
      ...['127.0.0.1', 'Flood response', 'PRIVATE KEY', 'parley-mac'],
    ]) {
      expect(box.stderr).not.toContain(secret);
    }
    // Attacks are refused as a matter of course; a log full of them would hide what matters.
    expect(box.stderr).not.toMatch(/"level":(40|50)/);
  });
});
