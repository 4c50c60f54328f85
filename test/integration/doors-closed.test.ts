import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';

let box: BoxProcess;
beforeAll(async () => {
  box = await BoxProcess.start();
});
afterAll(() => box.remove());

const room = 'a'.repeat(52);
const file = 'ab'.repeat(64);
const doors: [method: string, path: string][] = [
  ['GET', '/v1/turn'],
  ...['HEAD', 'GET', 'PUT'].map((method): [string, string] => [method, `/v1/f/${file}`]),
  ['GET', `/v1/rooms/${room}`],
  ...['join', 'transport', 'connect', 'produce', 'consume', 'resume', 'close', 'leave'].map(
    (step): [string, string] => ['POST', `/v1/rooms/${room}/${step}`],
  ),
];

test.each(doors)('%s %s of the running box is closed to strangers', async (method, path) => {
  const agent = new Agent({ rejectUnauthorized: false, keepAlive: false });
  const sent = request(`${await box.origin()}${path}`, { method, agent });
  sent.end(method === 'PUT' || method === 'POST' ? '{}' : undefined);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const text = Buffer.concat(await answer.toArray()).toString();
  expect(answer.statusCode).toBe(403);
  if (method !== 'HEAD')
    expect(JSON.parse(text)).toMatchObject({ code: 'GATEWAY_SESSION_UNKNOWN' });
});
