import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Route } from '#kernel/route.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { nodeEngine } from '#kernel/node-engine.ts';
import { cid, gatewayBox, type GatewayBox } from '../support/gateway-box.ts';
import { GatewayDevice } from '../support/gateway-device.ts';

const echo: Route = {
  method: 'POST',
  path: '/v1/echo/:name',
  access: 'signed',
  maxBodyBytes: 1_000,
  handle: async ({ caller, params, query, body }) => ({
    json: { caller, params, query, body: Buffer.from(body).toString() },
  }),
};
const refusing: Route = {
  ...echo,
  path: '/v1/refuse',
  handle: async () => ({
    refuse: { category: 'conflict', code: 'SAMPLE_TAKEN', message: 'Taken.' },
  }),
};
const failing: Route = {
  ...echo,
  path: '/v1/fail',
  handle: async () => Promise.reject(new Error('secret detail')),
};

let box: GatewayBox;
let device: GatewayDevice;
beforeEach(async () => {
  box = await gatewayBox({}, [echo, refusing, failing]);
  device = new GatewayDevice(box);
});
afterEach(() => box.close());

describe('a login', () => {
  test('gives the caller of later requests with party and member', async () => {
    await device.logIn();
    const reply = await device.ask('POST', '/v1/echo/x?a=1', utf8('hello'));
    expect(reply.status).toBe(200);
    expect(reply.json()).toEqual({
      caller: { device: device.dfp, member: 'anna', party: 'red' },
      params: { name: 'x' },
      query: { a: '1' },
      body: 'hello',
    });
  });

  test('begins with a signature of the box over both nonces', async () => {
    const { reply, bytes } = await device.begin();
    const signature = fromB64u(String(reply.json()['s']), 64) ?? new Uint8Array();
    const { publicKey } = box.identity;
    expect(await verifyBlob(nodeEngine, 'parley-box-v1', publicKey, bytes, signature)).toBe(true);
  });

  test('of a device that is not of the mission is refused', async () => {
    box.devices.clear();
    expect((await device.begin()).reply.json()['code']).toBe('GATEWAY_LOGIN_REFUSED');
  });

  test('with the signature of another device is refused', async () => {
    const other = new GatewayDevice(box);
    const { nb, bytes } = await device.begin();
    const reply = await device.finish(nb, bytes, other.signer);
    expect([reply.status, reply.json()['code']]).toEqual([403, 'GATEWAY_LOGIN_REFUSED']);
  });

  test('with a nonce used before is refused', async () => {
    const { nb, bytes } = await device.begin();
    expect((await device.finish(nb, bytes)).status).toBe(200);
    expect((await device.finish(nb, bytes)).json()['code']).toBe('GATEWAY_NONCE_UNKNOWN');
  });

  test('with a nonce older than thirty seconds is refused', async () => {
    const { nb, bytes } = await device.begin();
    box.clock.pass(30_001);
    expect((await device.finish(nb, bytes)).json()['code']).toBe('GATEWAY_NONCE_UNKNOWN');
  });

  test('by a key of low order is refused, since it would make a key that everybody knows', async () => {
    const body = JSON.stringify({
      c: cid,
      d: device.dfp,
      ec: 'A'.repeat(43),
      nc: 'B'.repeat(42) + 'A',
    });
    const headers = { 'content-type': 'application/json' };
    const reply = await box.ask('POST', '/v1/nonce', { headers, body });
    expect(reply.json()['code']).toBe('GATEWAY_LOGIN_REFUSED');
  });

  test.each(['', '{', 'null', '[]', '{"c":1}', '{"nb":"","s":""}', '"x"'])(
    'with the body %j is refused as malformed',
    async (body) => {
      for (const path of ['/v1/nonce', '/v1/session']) {
        const reply = await box.ask('POST', path, { body });
        expect([reply.status, reply.json()['code']]).toEqual([400, 'GATEWAY_REQUEST_MALFORMED']);
      }
    },
  );

  test('survives thousands of begun ones of another address, which count against that address', async () => {
    const start = {
      c: cid,
      d: device.dfp,
      ec: 'CQ'.padEnd(43, 'A'),
      nc: 'A'.repeat(43),
    };
    const { nb, bytes } = await device.begin();
    for (let flood = 0; flood < 200; flood++) await box.sessions.begin(start, '10.42.0.66');
    expect((await device.finish(nb, bytes)).status).toBe(200);
  });
});

describe('a signed request', () => {
  const body = utf8('hello');
  const send = (headers: Record<string, string>, path = '/v1/echo/x', sent = body) =>
    box.ask('POST', path, { headers, body: sent });
  const refused = 'GATEWAY_REQUEST_UNPROVEN';
  beforeEach(() => device.logIn());

  test('sent twice is refused the second time', async () => {
    const headers = device.headers('POST', '/v1/echo/x', body);
    expect((await send(headers)).status).toBe(200);
    expect((await send(headers)).json()['code']).toBe(refused);
  });

  test('may overtake another one', async () => {
    const first = device.headers('POST', '/v1/echo/x', body, 5);
    const second = device.headers('POST', '/v1/echo/x', body, 6);
    expect((await send(second)).status).toBe(200);
    expect((await send(first)).status).toBe(200);
  });

  test('that is far too late is refused', async () => {
    expect((await send(device.headers('POST', '/v1/echo/x', body, 5_000))).status).toBe(200);
    const late = await send(device.headers('POST', '/v1/echo/x', body, 5_000 - 1_024));
    expect(late.json()['code']).toBe(refused);
  });

  test('with another body, path, query or method is refused', async () => {
    const headers = () => device.headers('POST', '/v1/echo/x', body);
    const replies = [
      await send(headers(), '/v1/echo/x', utf8('hellO')),
      await send(headers(), '/v1/echo/y'),
      await send(headers(), '/v1/echo/x?a=1'),
      await send(device.headers('PUT', '/v1/echo/x', body)),
    ];
    expect(replies.map((reply) => reply.json()['code'])).toEqual(Array(4).fill(refused));
  });

  test('with an odd counter or MAC is refused', async () => {
    const headers = device.headers('POST', '/v1/echo/x', body);
    for (const counter of ['', '-1', '1e3', '00', '99999999999999999999', 'x']) {
      expect((await send({ ...headers, 'parley-counter': counter })).status).toBe(403);
    }
    for (const mac of ['', 'x', 'A'.repeat(43)]) {
      expect((await send({ ...headers, 'parley-mac': mac })).status).toBe(403);
    }
  });

  test('of a device that was removed a moment ago is refused', async () => {
    box.devices.delete(device.dfp);
    const reply = await device.ask('POST', '/v1/echo/x', body);
    expect([reply.status, reply.json()['code']]).toEqual([403, 'GATEWAY_SESSION_UNKNOWN']);
  });

  test('without a session is refused before its body is read', async () => {
    const reply = await box.ask('POST', '/v1/echo/x', { body: 'x'.repeat(900) });
    expect(reply.json()['code']).toBe('GATEWAY_SESSION_UNKNOWN');
    expect(reply.headers['connection']).toBe('close');
  });

  test('with too large a body is refused', async () => {
    const reply = await device.ask('POST', '/v1/echo/x', new Uint8Array(1_001));
    expect([reply.status, reply.json()['code']]).toEqual([413, 'GATEWAY_BODY_TOO_LARGE']);
  });

  test('outlives a restart of the gateway', async () => {
    await box.gateway.stop();
    await box.gateway.start(new AbortController().signal);
    expect((await device.ask('POST', '/v1/echo/x', body)).status).toBe(200);
  });
});

describe('what a service answers', () => {
  beforeEach(() => device.logIn());

  test('keeps its code and gets the status of its category', async () => {
    const reply = await device.ask('POST', '/v1/refuse');
    expect([reply.status, reply.json()]).toEqual([
      409,
      { code: 'SAMPLE_TAKEN', message: 'Taken.' },
    ]);
  });

  test('says nothing of the inside when the service fails', async () => {
    const reply = await device.ask('POST', '/v1/fail');
    expect([reply.status, reply.json()['code']]).toEqual([500, 'GATEWAY_INTERNAL']);
    expect(reply.body.toString()).not.toContain('secret detail');
  });

  test('is "try again" while the service is down', async () => {
    box.mounted = { status: 'failed', says: 'Down.' };
    const reply = await device.ask('POST', '/v1/echo/x');
    expect([reply.status, reply.json()['code']]).toEqual([503, 'GATEWAY_SERVICE_DOWN']);
    expect(reply.headers['retry-after']).toBe('2');
  });

  test('can be read by the single-file client, which has another origin', async () => {
    const reply = await device.ask('POST', '/v1/echo/x');
    expect(reply.headers['access-control-allow-origin']).toBe('*');
    expect(reply.headers['access-control-allow-credentials']).toBeUndefined();
    expect(reply.headers['set-cookie']).toBeUndefined();
  });
});

describe('an MQTT login', () => {
  beforeEach(() => device.logIn());
  const verify = (password: Uint8Array, clientId = device.dfp, user = device.session?.id ?? '') =>
    box.sessions.verify(clientId, user, password);

  test('is proved by the session', () => {
    expect(verify(device.mqttPassword(7))).toEqual({ device: device.dfp });
  });

  test('is good once', () => {
    verify(device.mqttPassword(7));
    expect(verify(device.mqttPassword(7))).toBeUndefined();
  });

  test('in the name of another device is refused', () => {
    const other = new GatewayDevice(box);
    expect(verify(device.mqttPassword(7), other.dfp)).toBeUndefined();
    expect(verify(device.mqttPassword(8), device.dfp, 'unknown')).toBeUndefined();
  });

  test.each(['', '.', '7', '7.', '7.x.y', '7.'.padEnd(200, 'A')])('with %j is refused', (text) => {
    expect(verify(utf8(text))).toBeUndefined();
  });
});
