import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { Route } from '#kernel/route.ts';
import { gatewayBox, type GatewayBox } from '../support/gateway-box.ts';
import { exchange } from '../support/raw-exchange.ts';
import { until } from '../support/until.ts';

let box: GatewayBox;
afterEach(() => box.close());

/** Sends raw bytes over TLS and resolves to all that comes back until the box closes. */
async function raw(text: string): Promise<string> {
  const socket = connectTls({
    host: '127.0.0.1',
    port: box.gateway.ports.https,
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  return exchange(socket, text);
}

const well = async (): Promise<void> => {
  expect((await box.ask('GET', '/healthz')).status).toBe(200);
};

describe('the app', () => {
  test('is served at / and /j with a strict policy and is asked for again each time', async () => {
    box = await gatewayBox();
    for (const path of ['/', '/j', '/index.html']) {
      const reply = await box.ask('GET', path);
      expect([reply.status, reply.body.toString()]).toEqual([
        200,
        '<!doctype html><title>Parley</title>',
      ]);
      expect(reply.headers['cache-control']).toBe('no-cache');
      expect(reply.headers['content-security-policy']).toContain("default-src 'self'");
      expect(reply.headers['content-security-policy']).not.toContain("'unsafe-eval'");
      expect(reply.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(reply.headers['set-cookie']).toBeUndefined();
    }
  });

  test('keeps files with a hash in their name for ever', async () => {
    box = await gatewayBox();
    const reply = await box.ask('GET', '/assets/main-Abc123_x.js');
    expect(reply.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(reply.headers['content-type']).toContain('javascript');
  });

  test.each([
    '/../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/assets/../../outside.txt',
    '/assets/%2e%2e%2f%2e%2e%2foutside.txt',
    '/..%5coutside.txt',
    '//outside.txt',
    '/.secret',
    '/%00',
    '/index.html%00.js',
    '/assets/',
  ])('gives nothing away at %s', async (path) => {
    box = await gatewayBox();
    const answer = await raw(`GET ${path} HTTP/1.1\r\nhost: box\r\nconnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404) /);
    expect(answer).not.toMatch(/outside\n?$|hidden/);
    await well();
  });
});

describe('a malformed request', () => {
  test.each([
    ['words that are not HTTP', 'hello box\r\n\r\n', 400],
    ['a broken length', 'POST /v1/nonce HTTP/1.1\r\nhost: b\r\ncontent-length: x\r\n\r\n', 400],
    [
      'two lengths (smuggling)',
      'POST /v1/nonce HTTP/1.1\r\nhost: b\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a header without colon', 'GET / HTTP/1.1\r\nhost: b\r\nnonsense\r\n\r\n', 400],
    ['a broken escape', 'GET /%zz HTTP/1.1\r\nhost: b\r\nconnection: close\r\n\r\n', 400],
    ['a bare carriage return', 'GET / HTTP/1.1\rhost: b\r\n\r\n', 400],
    ['huge headers', `GET / HTTP/1.1\r\nhost: b\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['an unknown method', 'BREW / HTTP/1.1\r\nhost: b\r\n\r\n', 400],
  ])('%s gets a clean refusal and the box lives on', async (_what, text, status) => {
    box = await gatewayBox();
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toMatch(/stack|node_modules|fastify/i);
    await well();
  });

  test.each(['text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded'])(
    'with content type %s is refused',
    async (type) => {
      box = await gatewayBox();
      const reply = await box.ask('POST', '/v1/nonce', {
        headers: { 'content-type': type },
        body: 'a=b',
      });
      expect([reply.status, reply.json()['code']]).toEqual([415, 'GATEWAY_TYPE_UNKNOWN']);
    },
  );

  test('that drips in slowly is cut off', async () => {
    box = await gatewayBox({ headersWithinMs: 500, requestWithinMs: 1_000 });
    const socket = connectTls({
      host: '127.0.0.1',
      port: box.gateway.ports.https,
      rejectUnauthorized: false,
    });
    await once(socket, 'secureConnect');
    const drip = setInterval(() => socket.write('x'), 50);
    const answer = await exchange(socket, 'GET / HTTP/1.1\r\nx: ');
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await well();
  });

  test('of plain HTTP on the secure port, and rubbish instead of TLS, end the connection only', async () => {
    box = await gatewayBox();
    for (const text of ['GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01\x00\x05hello', '\x00'.repeat(99)]) {
      const socket = connectPlain(box.gateway.ports.https, '127.0.0.1');
      await once(socket, 'connect');
      socket.setTimeout(100, () => socket.end());
      await exchange(socket, text);
    }
    await well();
  });
});

describe('limits', () => {
  test('hold for the connections of one address', async () => {
    box = await gatewayBox({ maxConnectionsPerAddressCount: 4 });
    const { port, open } = { port: box.gateway.ports.https, open: [] as Socket[] };
    for (let index = 0; index < 6; index++) {
      const socket = connectPlain(port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      open.push(socket);
    }
    await until('two of six are cut', () => open.filter((socket) => socket.closed).length === 2);
    for (const socket of open) socket.destroy();
    await until('places are free again', async () => {
      const reply = await box.ask('GET', '/healthz').catch(() => undefined);
      return reply?.status === 200;
    });
  });

  test('slow down an address that asks too often without login, and say when to come back', async () => {
    box = await gatewayBox({ openRequestBurstCount: 5, openRequestsPerMinuteCount: 60 });
    const statuses: number[] = [];
    for (let index = 0; index < 6; index++) {
      statuses.push((await box.ask('GET', '/v1/box')).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = await box.ask('GET', '/v1/box');
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.json()['code']).toBe('GATEWAY_RATE_EXCEEDED');
    box.clock.pass(1_000);
    expect((await box.ask('GET', '/v1/box')).status).toBe(200);
  });
});

describe('health and box', () => {
  test('say what the supervisor says, with 503 when the box is of no use', async () => {
    box = await gatewayBox();
    box.health = { status: 'failed', services: { swarm: { status: 'failed', says: 'No.' } } };
    const reply = await box.ask('GET', '/healthz');
    expect([reply.status, reply.json()]).toEqual([503, box.health]);
  });

  test('tell key, mission and time to whoever asks', async () => {
    box = await gatewayBox();
    const reply = await box.ask('GET', '/v1/box');
    expect(reply.json()).toEqual({
      v: 1,
      bk: Buffer.from(box.identity.publicKey).toString('base64url'),
      mission: `${'m'.repeat(51)}a`,
      founding: false,
      time: Math.floor(box.clock.now() / 1000),
    });
  });

  test('answer the question of a browser at another origin', async () => {
    box = await gatewayBox();
    const reply = await box.ask('OPTIONS', '/v1/nonce');
    expect(reply.status).toBe(204);
    expect(reply.headers['access-control-allow-origin']).toBe('*');
    expect(reply.headers['access-control-allow-headers']).toContain('parley-mac');
  });
});

describe('a request that waits', () => {
  const waiting: Route = {
    method: 'GET',
    path: '/v1/wait',
    access: 'open',
    maxBodyBytes: 0,
    handle: ({ signal }) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ json: { was: 'let go' } })),
      ),
  };

  test('is answered, not cut, when the gateway stops', async () => {
    box = await gatewayBox({}, [waiting]);
    const asked = box.ask('GET', '/v1/wait');
    await until('it is under way', () => box.ask('GET', '/healthz'));
    await box.gateway.stop();
    expect((await asked).json()).toEqual({ was: 'let go' });
  });
});

describe('the certificate', () => {
  test('follows the addresses without a restart', async () => {
    box = await gatewayBox();
    const served = async (): Promise<string> => {
      const socket = connectTls({
        host: '127.0.0.1',
        port: box.gateway.ports.https,
        rejectUnauthorized: false,
      });
      await once(socket, 'secureConnect');
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    const before = box.identity.fingerprint();
    expect(await served()).toBe(before);
    box.addresses.present = [{ ip: '192.168.7.7', family: 4, onInterface: 'eth0' }];
    box.addresses.change();
    await until('the new certificate is served', async () => (await served()) !== before);
    expect(await served()).toBe(box.identity.fingerprint());
  });
});

describe('a taken port', () => {
  test('is an error that names the port', async () => {
    box = await gatewayBox();
    const second = gatewayBox({ httpsPort: box.gateway.ports.https });
    await expect(second).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port: box.gateway.ports.https,
      syscall: 'listen',
    });
  });
});
