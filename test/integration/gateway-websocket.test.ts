import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { gatewayBox, type GatewayBox } from '../support/gateway-box.ts';
import { until } from '../support/until.ts';

let box: GatewayBox;
afterEach(() => box.close());

const well = async (): Promise<void> => {
  expect((await box.ask('GET', '/healthz')).status).toBe(200);
};

describe('MQTT over WebSocket', () => {
  const open = (protocols: string[]) =>
    new WebSocket(`wss://127.0.0.1:${box.gateway.ports.https}/mqtt`, protocols, {
      rejectUnauthorized: false,
    });

  test('hands the stream to the broker', async () => {
    box = await gatewayBox();
    const socket = open(['mqtt']);
    await once(socket, 'open');
    expect(socket.protocol).toBe('mqtt');
    const { stream, address } = await until('a stream', () => box.streams[0]);
    expect(address).toBe('127.0.0.1');
    socket.send(Buffer.from('ping'));
    const [heard] = (await once(stream, 'data')) as [Buffer];
    expect(heard.toString()).toBe('ping');
    stream.write('pong');
    const [said] = (await once(socket, 'message')) as [Buffer];
    expect(said.toString()).toBe('pong');
    stream.resume();
    socket.terminate();
    await until('the stream ends', () => stream.destroyed);
  });

  test.each([[[]], [['soap']]])('is refused with the subprotocols %j', async (protocols) => {
    box = await gatewayBox();
    const socket = open(protocols);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('400');
    expect(box.streams).toEqual([]);
    await well();
  });

  test('is cut by a message over the limit', async () => {
    box = await gatewayBox({ maxMessageBytes: 4_096 });
    const socket = open(['mqtt']);
    await once(socket, 'open');
    socket.on('error', () => {});
    socket.send(Buffer.alloc(5_000));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
    await well();
  });

  test('ends at once when the gateway stops', async () => {
    box = await gatewayBox();
    const socket = open(['mqtt']);
    await once(socket, 'open');
    const began = performance.now();
    socket.on('error', () => {});
    await Promise.all([once(socket, 'close'), box.gateway.stop()]);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
