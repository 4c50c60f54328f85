import { connect as connectPlain } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  blue,
  inboxOf,
  openBrokerBox,
  proofOf,
  red,
  redPhone,
  room,
  type BrokerBox,
} from '../support/broker-box.ts';
import { seeded, seededBytes } from '../support/seeded.ts';
import { until } from '../support/until.ts';

let box: BrokerBox;
beforeEach(async () => {
  box = await openBrokerBox();
});
afterEach(() => box.close());

const text = (value: string): Buffer =>
  Buffer.concat([Buffer.from([value.length >> 8, value.length & 255]), Buffer.from(value)]);

/** A valid CONNECT packet of MQTT 3.1.1. */
function connectPacket(device: string, keepalive = 60): Buffer {
  const body = Buffer.concat([
    text('MQTT'),
    Buffer.from([4, 0xc2, keepalive >> 8, keepalive & 255]),
    ...[device, 'session', proofOf(device)].map(text),
  ]);
  return Buffer.concat([Buffer.from([0x10, body.length]), body]);
}

function open(): TLSSocket {
  const socket = connect({ port: box.broker.tlsPort ?? 0, host: '127.0.0.1', ca: box.cert });
  socket.on('error', () => {});
  return socket;
}

/** Sends bytes and resolves with everything that came until the box hung up. */
async function exchange(...packets: Buffer[]): Promise<string> {
  const socket = open();
  socket.resume();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  for (const packet of packets) socket.write(packet);
  await until(
    `the box hangs up on ${packets.at(-1)?.toString('hex')}`,
    () => socket.destroyed,
    3000,
  );
  return Buffer.concat(chunks).toString('hex');
}

/** One device still reaches another: the service lives. */
async function expectAlive(): Promise<void> {
  const [one, two] = [await box.connect(red), await box.connect(blue)];
  const inbox = inboxOf(two);
  await two.subscribeAsync(`s/${room}/e/+`);
  await one.publishAsync(`s/${room}/e/${red}`, 'still here');
  await until('the message', () => inbox.length > 0);
  expect(box.broker.health().status).toBe('ok');
}

describe('bad packets', () => {
  it('from strangers are cut off without an answer', async () => {
    expect(await exchange(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toBe('');
    expect(await exchange(Buffer.from('30050001780102', 'hex'))).toBe('');
    expect(await exchange(Buffer.from('10ffffff7f', 'hex'))).toBe('');
    expect(await exchange(Buffer.from('c000', 'hex'))).toBe('');
    await expectAlive();
  });

  it('after a login close that connection only', async () => {
    const attacks = [
      '30ffffff7f', // PUBLISH that announces 256 MB
      '3000', // PUBLISH without a topic
      '3003000500', // topic longer than the packet
      '360500017800ff', // QoS 3
      '8000', // SUBSCRIBE with wrong flags
      '82020001', // SUBSCRIBE to nothing
      'f000', // AUTH of MQTT 5
      '0000', // reserved type
      '20020000', // CONNACK from a client
      connectPacket(red).toString('hex'), // a second CONNECT
    ];
    for (const attack of attacks) {
      const answer = await exchange(connectPacket(red), Buffer.from(attack, 'hex'));
      expect(answer.startsWith('20020000'), attack).toBe(true);
    }
    await expectAlive();
  });

  it('made at random or cut off anywhere never bring the broker down', async () => {
    const random = seeded(20_261_121);
    const valid = Buffer.concat([
      connectPacket(red),
      Buffer.concat([
        Buffer.from([0x82, 2 + 2 + 55 + 1, 0, 1]),
        text(`d/${red}/+`),
        Buffer.from([1]),
      ]),
      Buffer.concat([
        Buffer.from([0x30, 2 + 83 + 5]),
        text(`s/${room}/e/${red}`),
        Buffer.from('hello'),
      ]),
      Buffer.from('c000e000', 'hex'),
    ]);
    for (let round = 0; round < 250; round++) {
      const socket = open();
      const kind = round % 3;
      if (kind === 0) socket.write(seededBytes(random, 1 + Math.floor(random() * 200)));
      if (kind === 1) socket.write(valid.subarray(0, Math.floor(random() * valid.length)));
      if (kind === 2) {
        const bent = Buffer.from(valid);
        for (let n = 0; n < 4; n++) {
          bent[Math.floor(random() * bent.length)] = Math.floor(random() * 256);
        }
        socket.write(bent);
      }
      socket.end();
      socket.resume();
      await until('closed', () => socket.destroyed);
    }
    await expectAlive();
  }, 60_000);
});

describe('a greedy client', () => {
  it('that sends fast is read slowly, and the others do not notice', async () => {
    await box.close();
    box = await openBrokerBox({ packetsPerSecondCount: 50, packetBurstCount: 20 });
    const watcher = await box.connect(blue);
    const inbox = inboxOf(watcher);
    await watcher.subscribeAsync([`s/${room}/e/+`, `b/${blue}`]);
    const flooder = await box.connect(red);
    for (let n = 0; n < 400; n++) flooder.publish(`s/${room}/e/${red}`, 'x'.repeat(2000));
    await until('the burst', () => inbox.length > 10);
    await box.broker.publish(`b/${blue}`, Buffer.from('mark'), { retain: false });
    await until('the mark', () => inbox.some((message) => message.text === 'mark'));
    expect(inbox.length).toBeLessThan(200);
    expect(flooder.connected).toBe(true);
  });

  it('cannot renew its burst by connecting again', async () => {
    await box.close();
    box = await openBrokerBox({ packetsPerSecondCount: 1, packetBurstCount: 10 });
    const watcher = await box.connect(blue);
    const inbox = inboxOf(watcher);
    await watcher.subscribeAsync(`s/${room}/e/+`);
    for (let round = 0; round < 3; round++) {
      const flooder = await box.connect(red);
      for (let n = 0; n < 30; n++) flooder.publish(`s/${room}/e/${red}`, 'x'.repeat(3000));
      const before = inbox.length;
      if (round === 0) await until('the burst', () => inbox.length > before);
      flooder.end(true);
    }
    expect(inbox.length).toBeLessThan(60);
  });

  it('that does not read is cut, and the others do not wait for it', async () => {
    await box.close();
    box = await openBrokerBox({ maxUnsentBytes: 65_536, packetBurstCount: 5000 });
    const deaf = open();
    deaf.write(connectPacket(redPhone));
    deaf.once('data', () => deaf.pause());
    await until('logged in', () => box.broker.health().says === '1 device is connected.');
    const subscribe = text(`s/${room}/e/+`);
    deaf.write(
      Buffer.concat([Buffer.from([0x82, 2 + subscribe.length + 1, 0, 1]), subscribe, Buffer.of(0)]),
    );
    deaf.pause();
    const [one, two] = [await box.connect(red), await box.connect(blue)];
    const inbox = inboxOf(two);
    await two.subscribeAsync(`s/${room}/e/+`);
    const payload = 'x'.repeat(50_000);
    for (let n = 0; n < 300; n++) await one.publishAsync(`s/${room}/e/${red}`, payload);
    await until('all delivered to the other', () => inbox.length === 300);
    await until('cut', () => box.broker.health().says === '2 devices are connected.');
    deaf.destroy();
  });

  it('that wants to stay silent for long is refused', async () => {
    expect(await exchange(connectPacket(red, 3000))).toBe('20020006');
    expect(await exchange(connectPacket(red, 0))).toBe('20020006');
  });

  it('that opens connections without logging in runs into a bound and a clock', async () => {
    await box.close();
    box = await openBrokerBox({ maxPendingPerAddressCount: 3, connectTimeoutMs: 500 });
    const idle = [open(), open(), open()];
    for (const socket of idle) socket.resume();
    await until('all up', () => idle.every((socket) => socket.authorized));
    expect(await exchange(connectPacket(red))).toBe('');
    await until('the clock', () => idle.every((socket) => socket.destroyed));
    await expectAlive();
  });
});

describe('strangers who hold every place', () => {
  it('give way to those who come later, and never displace who has logged in', async () => {
    await box.close();
    box = await openBrokerBox({ maxConnectionsCount: 8 });
    const inside = await box.connect(red);
    const idle = Array.from({ length: 7 }, open);
    for (const socket of idle) socket.resume();
    await until('all places are taken', () => idle.every((socket) => socket.authorized));
    const late = await box.connect(blue);
    expect(late.connected && inside.connected).toBe(true);
    await until('the oldest has gone', () => idle.some((socket) => socket.destroyed));
    expect(idle.filter((socket) => socket.destroyed)).toHaveLength(1);
  });
});

describe('connections that never speak', () => {
  it('are bounded before TLS, so that they use up nothing', async () => {
    await box.close();
    box = await openBrokerBox({ maxConnectionsCount: 8 });
    const silent = Array.from({ length: 12 }, () => {
      const socket = connectPlain({ port: box.broker.tlsPort ?? 0, host: '127.0.0.1' });
      return socket.on('error', () => {}).resume();
    });
    await until('the rest is cut', () => silent.filter(({ destroyed }) => destroyed).length === 4);
    for (const socket of silent) socket.destroy();
    await expectAlive();
  });
});

describe('the service', () => {
  it('closes everything on stop, can be started again, and both may be said twice', async () => {
    const client = await box.connect(red);
    const port = box.broker.tlsPort;
    await box.broker.stop();
    await box.broker.stop();
    await until('cut', () => !client.connected);
    expect(box.broker.health()).toEqual({ status: 'failed', says: 'The broker is not running.' });
    expect(box.broker.tlsPort).toBeUndefined();
    let readyCount = 0;
    box.broker.onReady(() => (readyCount += 1));
    await box.broker.start(new AbortController().signal);
    await box.broker.start(new AbortController().signal);
    expect(readyCount).toBe(1);
    expect(port).toBeGreaterThan(0);
    await expectAlive();
  });

  it('says in a sentence that its port is taken, and leaves nothing open', async () => {
    const taken = box.broker.tlsPort;
    const second = await openBrokerBox({ tlsPort: taken }).catch((error: unknown) => error);
    expect(second).toMatchObject({ name: 'Refusal' });
    expect(String((second as { sentence: string }).sentence)).toContain(`Port ${taken}`);
  });

  it('does not start when it is told to stop before that', async () => {
    await box.broker.stop();
    await expect(box.broker.start(AbortSignal.abort())).rejects.toThrow();
    expect(box.broker.health().status).toBe('failed');
  });
});
