import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isBoxTopic,
  isKept,
  parseTopic,
  topicRights,
} from '../../../../appliance/services/broker/topics.ts';
import {
  blue,
  blueMember,
  fp,
  mallory,
  red,
  redMember,
  redPhone,
  room,
  secretRoom,
  TestMission,
  tp,
} from '../../../support/broker-box.ts';

const mission = new TestMission();
const rights = topicRights(mission);

describe('what a device may publish', () => {
  it('is its own signals, frontier, mail to devices of the mission, and notes to its own devices', () => {
    const topics = [
      `s/${room}/e/${red}`,
      `s/${room}/f/${red}`,
      `d/${blue}/${red}`,
      `u/${redMember}/${red}`,
    ];
    for (const topic of topics) expect(rights.mayPublish(red, topic), topic).toBe(true);
  });

  it('is never a head or a hint, which only the box makes', () => {
    expect(rights.mayPublish(red, `s/${room}/h/${red}`)).toBe(false);
    expect(rights.mayPublish(red, `b/${red}`)).toBe(false);
    expect(rights.mayPublish(red, `b/${blue}`)).toBe(false);
  });

  it('is nothing in the name of another device', () => {
    const topics = [
      `s/${room}/e/${blue}`,
      `s/${room}/f/${redPhone}`,
      `d/${redPhone}/${blue}`,
      `u/${redMember}/${redPhone}`,
      `u/${blueMember}/${red}`,
    ];
    for (const topic of topics) expect(rights.mayPublish(red, topic), topic).toBe(false);
  });

  it('is nothing into a swarm it may not see, and no mail to strangers', () => {
    expect(rights.mayPublish(blue, `s/${secretRoom}/e/${blue}`)).toBe(false);
    expect(rights.mayPublish(red, `s/${tp('nowhere')}/e/${red}`)).toBe(false);
    expect(rights.mayPublish(red, `d/${mallory}/${red}`)).toBe(false);
  });

  it('is nothing at all for a device that is not in the mission', () => {
    const topics = [`s/${room}/e/${mallory}`, `d/${red}/${mallory}`, `u/${redMember}/${mallory}`];
    for (const topic of topics) expect(rights.mayPublish(mallory, topic), topic).toBe(false);
  });
});

describe('what a device may subscribe to', () => {
  const allowed = [
    ...['h', 'e', 'f'].map((kind) => `s/${room}/${kind}/+`),
    `d/${red}/+`,
    `u/${redMember}/+`,
    `b/${red}`,
  ];

  it('is exactly the filters of the list', () => {
    for (const filter of allowed) expect(rights.mayFilter(red, filter), filter).toBe(true);
  });

  it('is no wider filter, no other device, no system topic and no shared subscription', () => {
    const attacks = [
      ...['#', '+', '+/+', '+/+/+', '+/+/+/+', 's/#', `s/${room}/#`, `s/${room}/h/#`, 'd/#', 'b/+'],
      ...['$SYS/#', '$SYS/+/new/clients', `$share/g/s/${room}/h/+`, `$share/g/d/${red}/+`],
      ...[`s/+/h/+`, `s/${room}/+/+`, `s/${room}/+/${red}`, `s/${room}/h/${red}`, `s/${room}/x/+`],
      ...[`d/+/+`, `d/${blue}/+`, `d/+/${red}`, `d/${red}/#`, `d/${red}/${blue}`, `d/${red}`],
      ...[`u/${blueMember}/+`, `u/+/+`, `u/${redMember}/#`, `b/${blue}`, `b/${red}/+`],
      ...[`/s/${room}/h/+`, `s/${room}/h/+/`, `s//h/+`, `s/${secretRoom.toUpperCase()}/h/+`, ''],
      ...[`s/constructor/h/+`, `s/__proto__/h/+`, ' ', `s/${room}/h/+ `, `s/${room}\0/h/+`],
    ];
    for (const filter of attacks) expect(rights.mayFilter(red, filter), filter).toBe(false);
  });

  it('is not a swarm it may not see', () => {
    expect(rights.mayFilter(red, `s/${secretRoom}/h/+`)).toBe(true);
    expect(rights.mayFilter(blue, `s/${secretRoom}/h/+`)).toBe(false);
  });

  it('is nothing for a stranger, not even its own mailbox', () => {
    expect(rights.mayFilter(mallory, `d/${mallory}/+`)).toBe(false);
    expect(rights.mayFilter(mallory, `b/${mallory}`)).toBe(false);
  });

  it('is never anything else, whatever is built from the same parts', () => {
    const part = fc.constantFrom(
      ...['s', 'd', 'u', 'b', 'h', 'e', 'f', '+', '#', '', '$SYS', '$share', 'g'],
      ...[room, secretRoom, red, blue, redMember, blueMember],
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const filter = parts.join('/');
        const wanted = [...allowed, ...['h', 'e', 'f'].map((k) => `s/${secretRoom}/${k}/+`)];
        expect(rights.mayFilter(red, filter)).toBe(wanted.includes(filter));
      }),
      { seed: 7, numRuns: 3000 },
    );
  });
});

describe('what a device may be given', () => {
  it('is what it could have subscribed to', () => {
    expect(rights.mayReceive(blue, `s/${room}/h/${red}`)).toBe(true);
    expect(rights.mayReceive(blue, `d/${blue}/${red}`)).toBe(true);
    expect(rights.mayReceive(blue, `d/${red}/${blue}`)).toBe(false);
    expect(rights.mayReceive(blue, `s/${secretRoom}/h/${red}`)).toBe(false);
    expect(rights.mayReceive(redPhone, `u/${redMember}/${red}`)).toBe(true);
    expect(rights.mayReceive(blue, `u/${redMember}/${red}`)).toBe(false);
    expect(rights.mayReceive(red, `b/${red}`)).toBe(true);
    expect(rights.mayReceive(red, `b/${blue}`)).toBe(false);
    expect(rights.mayReceive(red, '$SYS/x/new/clients')).toBe(false);
  });

  it('ends with its membership', () => {
    const shrinking = new TestMission();
    const then = topicRights(shrinking);
    expect(then.mayReceive(blue, `s/${room}/e/${red}`)).toBe(true);
    shrinking.members.delete(blue);
    expect(then.mayReceive(blue, `s/${room}/e/${red}`)).toBe(false);
    expect(then.mayReceive(blue, `d/${blue}/${red}`)).toBe(false);
    expect(then.mayPublish(blue, `d/${red}/${blue}`)).toBe(false);
  });
});

describe('topic names', () => {
  it('have one spelling: unused bits of base32 must be zero', () => {
    expect(parseTopic(`b/${red}`)).toEqual({ kind: 'box', device: red });
    expect(parseTopic(`b/${red.slice(0, -1)}b`)).toBeUndefined();
    expect(parseTopic(`b/${red.slice(0, -1)}q`)).toBeDefined();
    expect(parseTopic(`s/${room.slice(0, -1)}b/h/${red}`)).toBeUndefined();
    expect(parseTopic(`s/${room.slice(0, -1)}e/h/${red}`)).toBeDefined();
  });

  it('never make the parser throw, and what it accepts can be written back', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.string()).map((a) => a.join('/')),
    );
    fc.assert(
      fc.property(text, (topic) => {
        parseTopic(topic);
        expect(rights.mayPublish(red, topic)).toBe(false);
        expect(rights.mayReceive(red, topic)).toBe(false);
      }),
      { seed: 11, numRuns: 2000 },
    );
  });

  it('tell what the box may publish and what waits for a device that is away', () => {
    expect(isBoxTopic(`s/${room}/h/${red}`)).toBe(true);
    expect(isBoxTopic(`b/${red}`)).toBe(true);
    expect(isBoxTopic(`s/${room}/e/${red}`)).toBe(false);
    expect(isKept(`d/${red}/${blue}`)).toBe(true);
    expect(isKept(`u/${redMember}/${red}`)).toBe(true);
    expect(isKept(`s/${room}/e/${red}`)).toBe(false);
    expect(isKept(`b/${fp('x')}`)).toBe(false);
  });
});
