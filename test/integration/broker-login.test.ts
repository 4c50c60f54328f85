import { connect } from 'node:tls';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  blue,
  inboxOf,
  loginOf,
  mallory,
  openBrokerBox,
  proofOf,
  red,
  room,
  type BrokerBox,
} from '../support/broker-box.ts';
import { until } from '../support/until.ts';

let box: BrokerBox;
beforeEach(async () => {
  box = await openBrokerBox();
});
afterEach(() => box.close());

/** The CONNACK code a login is refused with. */
async function refusalOf(options: mqtt.IClientOptions): Promise<number | string> {
  try {
    const client = await mqtt.connectAsync(`ws://127.0.0.1:${box.webPort}/mqtt`, {
      ...loginOf(red),
      ...options,
    });
    client.end(true);
    return 'let in';
  } catch (error) {
    return (error as { code?: number }).code ?? String(error);
  }
}

describe('the login', () => {
  it('lets a device in with the proof of its session', async () => {
    const client = await box.connect(red);
    expect(client.connected).toBe(true);
    await until('the device counts', () => box.broker.health().says === '1 device is connected.');
  });

  it('refuses everybody else with CONNACK 5', async () => {
    const { username: _, password: __, ...anonymous } = loginOf(red);
    expect(
      await refusalOf({ ...anonymous, username: undefined as never, password: undefined as never }),
    ).toBe(5);
    expect(await refusalOf({ password: 'wrong' })).toBe(5);
    expect(await refusalOf({ password: '' })).toBe(5);
    expect(await refusalOf({ username: 'other' })).toBe(5);
    expect(await refusalOf(loginOf(mallory))).toBe(5);
    expect(await refusalOf({ clientId: blue })).toBe(5);
    expect(await refusalOf({ clientId: 'constructor', username: '__proto__' })).toBe(5);
  });

  it('refuses other versions of MQTT with a CONNACK that says so, and then hangs up', async () => {
    const body = (name: string, level: number, properties: string): Buffer =>
      Buffer.concat([
        Buffer.from([0, name.length, ...Buffer.from(name), level, 2, 0, 60]),
        Buffer.from(properties, 'hex'),
        Buffer.from([0, 52, ...Buffer.from(red)]),
      ]);
    const answerTo = async (packet: Buffer): Promise<string> => {
      const socket = connect({ port: box.broker.tlsPort ?? 0, host: '127.0.0.1', ca: box.cert });
      socket.write(Buffer.concat([Buffer.from([0x10, packet.length]), packet]));
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('hex');
    };
    expect(await answerTo(body('MQTT', 5, '00'))).toBe('20020001');
    expect(await answerTo(body('MQTT', 4, ''))).toBe('20020005');
    expect(await answerTo(body('MQIsdp', 3, ''))).toBe('20020002');
    expect(await answerTo(body('HTTP', 4, ''))).toBe('');
  });

  it("refuses a will into a topic that is not the device's own", async () => {
    const watcher = await box.connect(blue);
    const inbox = inboxOf(watcher);
    await watcher.subscribeAsync([`s/${room}/e/+`, `s/${room}/h/+`]);
    const liar = await box.connect(red, {
      will: {
        topic: `s/${room}/h/${red}`,
        payload: Buffer.from('false head'),
        qos: 0,
        retain: true,
      },
    });
    liar.stream.destroy();
    const honest = await box.connect(red, {
      will: { topic: `s/${room}/e/${red}`, payload: Buffer.from('gone'), qos: 0, retain: false },
    });
    honest.stream.destroy();
    await until('the honest will', () => inbox.length > 0);
    expect(inbox.map(({ text }) => text)).toEqual(['gone']);
  });

  it('gives the place of a device to its newer connection', async () => {
    const first = await box.connect(red);
    const second = await box.connect(red);
    await until('the first is out', () => !first.connected);
    expect(second.connected).toBe(true);
    const inbox = inboxOf(second);
    await second.subscribeAsync(`b/${red}`);
    await box.broker.publish(`b/${red}`, Buffer.from('hint'), { retain: false });
    await until('the second is served', () => inbox.length === 1);
    expect(box.broker.health().says).toBe('1 device is connected.');
  });

  it('does not give it to somebody without a proof', async () => {
    const first = await box.connect(red);
    expect(await refusalOf({ password: proofOf(blue) })).toBe(5);
    expect(first.connected).toBe(true);
  });

  it('is taken back at once when a device is dropped', async () => {
    const client = await box.connect(red);
    box.mission.members.delete(red);
    box.broker.drop(red);
    await until('cut', () => !client.connected);
    expect(await refusalOf({})).toBe(5);
    box.broker.drop(red);
    box.broker.drop('never seen');
  });
});
