import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  blue,
  inboxOf,
  mallory,
  openBrokerBox,
  red,
  redMember,
  redPhone,
  room,
  secretRoom,
  type BrokerBox,
} from '../support/broker-box.ts';
import { until } from '../support/until.ts';

let box: BrokerBox;
beforeEach(async () => {
  box = await openBrokerBox();
});
afterEach(() => box.close());

describe('messages', () => {
  it('of the box are kept for those who come later, until they are taken back', async () => {
    await box.broker.publish(`s/${room}/h/${red}`, Buffer.from('head'), { retain: true });
    const client = await box.connect(blue);
    const inbox = inboxOf(client);
    await client.subscribeAsync(`s/${room}/h/+`);
    await until('the kept head', () => inbox.length === 1);
    expect(inbox[0]).toEqual({ topic: `s/${room}/h/${red}`, text: 'head', retain: true });
    await box.broker.publish(`s/${room}/h/${red}`, Buffer.alloc(0), { retain: true });
    const later = await box.connect(redPhone);
    const none = inboxOf(later);
    await later.subscribeAsync([`s/${room}/h/+`, `b/${redPhone}`]);
    await box.broker.publish(`b/${redPhone}`, Buffer.from('mark'), { retain: false });
    await until('the mark', () => none.length > 0);
    expect(none.map(({ text }) => text)).toEqual(['mark']);
  });

  it('go from device to device, signals and mail', async () => {
    const [one, two] = [await box.connect(red), await box.connect(blue)];
    const inbox = inboxOf(two);
    await two.subscribeAsync([`s/${room}/e/+`, `s/${room}/f/+`, `d/${blue}/+`], { qos: 1 });
    await one.publishAsync(`s/${room}/e/${red}`, 'typing');
    await one.publishAsync(`s/${room}/f/${red}`, 'frontier', { qos: 1 });
    await one.publishAsync(`d/${blue}/${red}`, 'ring', { qos: 1 });
    await until('all three', () => inbox.length === 3);
    expect(inbox.map(({ text }) => text).toSorted()).toEqual(['frontier', 'ring', 'typing']);
  });

  it('wait in the mailbox of a device that is away, and only those', async () => {
    const away = await box.connect(blue, { clean: false });
    await away.subscribeAsync([`d/${blue}/+`, `s/${room}/e/+`], { qos: 1 });
    away.end(true);
    const sender = await box.connect(red);
    await until('away', () => box.broker.health().says === '1 device is connected.');
    await sender.publishAsync(`s/${room}/e/${red}`, 'typing', { qos: 1 });
    await sender.publishAsync(`d/${blue}/${red}`, 'ring', { qos: 1 });
    await sender.publishAsync(`d/${blue}/${red}`, 'ring off', { qos: 1 });
    const back = await box.connect(blue, { clean: false });
    const inbox = inboxOf(back);
    await until('the mail', () => inbox.length >= 2);
    expect(inbox.map(({ text }) => text)).toEqual(['ring', 'ring off']);
  });

  it('stop at a bound while a device is away, and no flood cuts one that is there', async () => {
    await box.close();
    box = await openBrokerBox({ mailboxSenderBytes: 8192 });
    const away = await box.connect(blue, { clean: false });
    await away.subscribeAsync(`d/${blue}/+`, { qos: 1 });
    away.end(true);
    const sender = await box.connect(red);
    await until('away', () => box.broker.health().says === '1 device is connected.');
    for (let n = 0; n < 40; n++) {
      await sender.publishAsync(`d/${blue}/${red}`, `${n} ${'x'.repeat(500)}`, { qos: 1 });
    }
    const back = await box.connect(blue, { clean: false });
    const inbox = inboxOf(back);
    await until('the mail', () => inbox.length === 8);
    await sender.publishAsync(`d/${blue}/${red}`, 'x'.repeat(20_000), { qos: 1 });
    await until('the long one, too long to be kept', () => inbox.length === 9);
    expect(back.connected).toBe(true);
  });
});

describe('a refused topic', () => {
  it('gives SUBACK 0x80 and leaves the connection alone', async () => {
    const client = await box.connect(red);
    const filters = ['#', '+/+/+', `d/${blue}/+`, '$SYS/#', `$share/g/d/${red}/+`, `b/${blue}`];
    for (const filter of filters) {
      const granted = await client.subscribeAsync(filter).catch((error: Error) => error.message);
      expect(granted, filter).toMatch(/Unspecified error|0x80|128/);
    }
    expect(client.connected).toBe(true);
  });

  it('is not heard even when it is asked for beside an allowed one', async () => {
    const spy = await box.connect(blue, { clean: false });
    const inbox = inboxOf(spy);
    await spy.subscribeAsync([`d/${blue}/+`, `d/${red}/+`, '#'], { qos: 1 }).catch(() => {});
    spy.end(true);
    const friend = await box.connect(redPhone);
    await until('away', () => box.broker.health().says === '1 device is connected.');
    await friend.publishAsync(`d/${red}/${redPhone}`, 'not for blue', { qos: 1 });
    await friend.publishAsync(`d/${blue}/${redPhone}`, 'for blue', { qos: 1 });
    const again = await box.connect(blue, { clean: false });
    const heard = inboxOf(again);
    await until('own mail', () => heard.length > 0);
    await friend.publishAsync(`d/${red}/${redPhone}`, 'not for blue', { qos: 1 });
    await friend.publishAsync(`d/${blue}/${redPhone}`, 'mark', { qos: 1 });
    await until('the mark', () => heard.length > 1);
    expect([...inbox, ...heard].map(({ text }) => text)).toEqual(['for blue', 'mark']);
  });

  it('cuts who publishes to it, and nobody is given the message', async () => {
    const watcher = await box.connect(blue);
    const inbox = inboxOf(watcher);
    await watcher.subscribeAsync([`s/${room}/h/+`, `s/${room}/e/+`, `d/${blue}/+`, `b/${blue}`]);
    const attacks: [string, boolean][] = [
      [`s/${room}/h/${red}`, true],
      [`s/${room}/h/${red}`, false],
      [`s/${room}/e/${blue}`, false],
      [`s/${room}/e/${red}`, true],
      [`d/${blue}/${redPhone}`, false],
      [`d/${mallory}/${red}`, false],
      [`b/${blue}`, false],
      [`u/${redMember}/${redPhone}`, false],
      ['$SYS/x/new/clients', false],
      [Array(200).fill('s').join('/'), false],
    ];
    for (const [topic, retain] of attacks) {
      const attacker = await box.connect(red);
      attacker.publish(topic, 'forged', { retain });
      await until(`cut for ${topic}`, () => !attacker.connected);
    }
    await box.broker.publish(`b/${blue}`, Buffer.from('mark'), { retain: false });
    await until('the mark', () => inbox.length > 0);
    expect(inbox.map(({ text }) => text)).toEqual(['mark']);
    expect(watcher.connected).toBe(true);
  });

  it('stays silent from the moment a right is lost, though the subscription still stands', async () => {
    const [one, two] = [await box.connect(red), await box.connect(blue)];
    const inbox = inboxOf(two);
    await two.subscribeAsync([`s/${room}/e/+`, `b/${blue}`]);
    await one.publishAsync(`s/${room}/e/${red}`, 'before');
    await until('before', () => inbox.length === 1);
    box.mission.rooms.get(room)?.delete(blue);
    await one.publishAsync(`s/${room}/e/${red}`, 'after', { qos: 1 });
    await box.broker.publish(`b/${blue}`, Buffer.from('mark'), { retain: false });
    await until('the mark', () => inbox.length > 1);
    expect(inbox.map(({ text }) => text)).toEqual(['before', 'mark']);
  });

  it('is refused to the box itself as well', async () => {
    const none = { retain: false };
    await expect(
      box.broker.publish(`s/${secretRoom}/e/${red}`, Buffer.from('x'), none),
    ).rejects.toMatchObject({ code: 'BROKER_TOPIC_FOREIGN' });
    await box.broker.stop();
    await expect(box.broker.publish(`b/${red}`, Buffer.from('x'), none)).rejects.toMatchObject({
      code: 'BROKER_NOT_RUNNING',
    });
  });
});
