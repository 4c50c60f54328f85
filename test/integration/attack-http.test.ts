import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatewayBox, type GatewayBox } from '../support/gateway-box.ts';
import { until } from '../support/until.ts';

let box: GatewayBox;
beforeAll(async () => {
  box = await gatewayBox({ openRequestBurstCount: 10_000, maxHeadersBytes: 16_384 });
});
afterAll(() => box.close());

async function dial(): Promise<TLSSocket> {
  const { https: port } = box.gateway.ports;
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  return socket;
}

/** Everything that is answered to these bytes until the box hangs up or has answered once. */
async function said(bytes: string | Uint8Array, isEnough = /\r\n\r\n/): Promise<string> {
  const socket = await dial();
  let answer = '';
  let isOver = false;
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  socket.on('error', () => {});
  socket.on('close', () => (isOver = true));
  socket.write(bytes);
  await until('an answer', () => isOver || isEnough.test(answer));
  socket.destroy();
  return answer;
}

const head = (line: string, ...headers: string[]): string =>
  [`${line} HTTP/1.1`, 'host: box', ...headers, '', ''].join('\r\n');
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
async function well(): Promise<void> {
  expect((await box.ask('GET', '/healthz')).status).toBe(200);
}

describe('requests that are two at once', () => {
  const hidden = head('GET /healthz');
  test.each([
    ['two lengths', head('POST /v1/nonce', 'content-length: 2', 'content-length: 3') + '{}x'],
    [
      'a length and chunks',
      head('POST /v1/nonce', 'content-length: 5', 'transfer-encoding: chunked') + '0\r\n\r\n',
    ],
    ['chunks with a space', head('POST /v1/nonce', 'transfer-encoding : chunked') + '0\r\n\r\n'],
    ['chunks that are not last', head('POST /v1/nonce', 'transfer-encoding: chunked, identity')],
    ['a negative length', head('POST /v1/nonce', 'content-length: -1')],
    ['a chunk of all bytes', head('POST /v1/nonce', 'transfer-encoding: chunked') + 'f'.repeat(17)],
    ['bare line feeds', 'GET /v1/box HTTP/1.1\nhost: box\n\n'],
    ['a folded header', head('GET /v1/box', 'x: a', ' b')],
  ])('by %s are refused, and what follows is not read as a request', async (_what, bytes) => {
    const answer = await said(`${bytes}\r\n${hidden}`);
    expect(statusOf(answer)).toBe(400);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    await well();
  });
});

describe('requests without waiting for answers', () => {
  test('are answered in order while they are few', async () => {
    const few = `${head('GET /v1/box')}${head('GET /nowhere')}${head('GET /healthz')}`;
    const answer = await said(few, /"services"/);
    expect(answer.match(/HTTP\/1\.1 \d+/g)?.map(statusOf)).toEqual([200, 404, 200]);
  });

  test('end the connection when they are many, however little each asks for', async () => {
    const socket = await dial();
    socket.on('error', () => {});
    socket.pause();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(head('GET /nowhere').repeat(2_000));
    socket.resume();
    await closed;
    await well();
  });
});

describe('files outside the app', () => {
  const secrets = /outside|hidden|PRIVATE KEY/;
  test.each([
    ...['/../outside.txt', '/..%2foutside.txt', '/%2e%2e/outside.txt', '/%2e%2e%2foutside.txt'],
    ...['/..%5coutside.txt', '/..%252foutside.txt', '/assets/../../outside.txt', '//outside.txt'],
    ...['/assets/..%2f..%2foutside.txt', '/.secret', '/%2esecret', '/assets/../.secret'],
    ...['/..%c0%afoutside.txt', '/index.html%00/../../outside.txt', '/..;/outside.txt', '/..\\x'],
    ...[
      '/../box/tls-key.pem',
      'file:///etc/passwd',
      'https://box/../outside.txt',
      '/%2fetc/passwd',
    ],
  ])('%s leads nowhere', async (path) => {
    const answer = await said(head(`GET ${path}`, 'connection: close'));
    expect([400, 404]).toContain(statusOf(answer));
    expect(answer).not.toMatch(secrets);
    await well();
  });
});

describe('every answer, refusals too', () => {
  test.each([
    ['the app', head('GET /'), 200],
    ['health', head('GET /healthz'), 200],
    ['an unknown path', head('GET /nowhere'), 404],
    ['an unknown method', 'BREW / HTTP/1.1\r\n\r\n', 400],
    ['a broken escape', head('GET /%zz'), 400],
    ['a large body', head('POST /v1/nonce', 'content-length: 99999999'), 413],
    ['a strange type', head('POST /v1/nonce', 'content-type: a/b', 'content-length: 1'), 415],
    ['a large head', head('GET /', `x: ${'a'.repeat(20_000)}`), 431],
    ['a question of another origin', head('OPTIONS /v1/session', 'origin: null'), 204],
  ])('says what a page may do and sets no cookie: %s', async (_what, bytes, status) => {
    const answer = await said(bytes);
    expect(statusOf(answer)).toBe(status);
    expect(answer).toMatch(/\r\ncontent-security-policy: default-src 'self'; script-src 'self'/);
    expect(answer).toMatch(/\r\nx-content-type-options: nosniff\r\n/);
    expect(answer).toMatch(/\r\nreferrer-policy: no-referrer\r\n/);
    expect(answer).not.toMatch(/set-cookie|x-powered-by|\nserver:/i);
  });
});

describe('a WebSocket', () => {
  const greeting = (path: string): string =>
    head(
      `GET ${path}`,
      ...['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13'],
      ...['sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-protocol: mqtt'],
    );

  test.each(['/', '/healthz', '/v1/box', '/mqtt/', '/MQTT', '/nowhere', '/assets/'])(
    'is not opened at %s',
    async (path) => {
      expect([400, 404]).toContain(statusOf(await said(greeting(path))));
      await well();
    },
  );

  const frame = (first: number, length: number, body = '', isMasked = true): Buffer => {
    const mask = isMasked ? 0x80 : 0;
    const long = Buffer.alloc(8);
    long.writeBigUInt64BE(BigInt(length));
    const size = length < 126 ? Buffer.from([mask | length]) : Buffer.from([mask | 127, ...long]);
    const parts = [Buffer.from([first]), size, Buffer.alloc(isMasked ? 4 : 0), Buffer.from(body)];
    return Buffer.concat(parts);
  };
  test.each([
    ['a reserved bit, as of compression nobody agreed on', frame(0xc2, 2, 'ab')],
    ['no mask', frame(0x82, 2, 'ab', false)],
    ['a length beyond all memory', frame(0x82, 2 ** 45)],
    ['an operation that does not exist', frame(0x83, 0)],
    ['a continuation of nothing', frame(0x80, 1, 'a')],
    ['a ping in pieces', frame(0x09, 1, 'a')],
    ['a close of one byte', frame(0x88, 1, 'a')],
    ['text that is not UTF-8', Buffer.concat([frame(0x81, 1), Buffer.from([0xff])])],
    ['pieces without end', Buffer.concat([frame(0x02, 0), ...Array(40_000).fill(frame(0, 0))])],
  ])('with %s ends, and nothing else does', async (_what, bytes) => {
    const socket = await dial();
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.resume().once('close', resolve));
    socket.write(greeting('/mqtt'));
    await until('the greeting is answered', () => socket.bytesRead > 100);
    socket.write(bytes);
    await closed;
    await until('the broker lost it too', () =>
      box.streams.every(({ stream }) => stream.destroyed),
    );
    await well();
  });
});
