import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { gatewayBox, type GatewayBox } from '../support/gateway-box.ts';
import { exchange } from '../support/raw-exchange.ts';

let box: GatewayBox;
afterEach(() => box.close());

async function plain(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${box.gateway.ports.http}${path}`, { headers });
}

describe('the plain port', () => {
  test('explains the warning and leads to the secure one, in four languages', async () => {
    box = await gatewayBox();
    for (const [wish, language, direction] of [
      ['en-GB,en;q=0.9', 'en', 'ltr'],
      ['fr,de;q=0.8,en;q=0.5', 'de', 'ltr'],
      ['uk', 'uk', 'ltr'],
      ['ar-SY', 'ar', 'rtl'],
      ['xx', 'en', 'ltr'],
    ] as const) {
      const text = await (await plain('/', { 'accept-language': wish })).text();
      expect(text).toContain(`<html lang="${language}" dir="${direction}">`);
      expect(text).toContain(`href="https://127.0.0.1:${box.gateway.ports.https}/"`);
      expect(text).not.toMatch(/<script|<input|<form/);
    }
  });

  test('shows the steps of the browser that asks', async () => {
    box = await gatewayBox();
    const iphone = { 'user-agent': 'Mozilla/5.0 (iPhone) Safari', 'accept-language': 'en' };
    const [steps = ''] = (await (await plain('/', iphone)).text()).split('<details>');
    expect(steps).toContain('Show Details');
    expect(steps).not.toContain('Advanced');
  });

  test('puts nothing of a forged host name into the page', async () => {
    box = await gatewayBox();
    const socket = connectPlain(box.gateway.ports.http, '127.0.0.1');
    await once(socket, 'connect');
    const answer = await exchange(
      socket,
      'GET / HTTP/1.1\r\nhost: evil"><script>alert(1)</script>\r\nconnection: close\r\n\r\n',
    );
    expect(answer).not.toContain('evil');
  });

  test.each([
    ['/generate_204', 204, ''],
    ['/hotspot-detect.html', 200, 'Success'],
    ['/connecttest.txt', 200, 'Microsoft Connect Test'],
  ])('answers the probe %s as phones expect', async (path, status, text) => {
    box = await gatewayBox();
    const reply = await plain(path);
    expect([reply.status, await reply.text()]).toEqual([
      status,
      expect.stringContaining(text) as string,
    ]);
  });

  test.each(['/index.html', '/healthz', '/v1/box', '/j', '/assets/main-Abc123_x.js', '/mqtt'])(
    'has nothing at %s',
    async (path) => {
      box = await gatewayBox();
      expect((await plain(path)).status).toBe(404);
    },
  );
});
