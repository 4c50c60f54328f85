import { beforeEach, describe, expect, it } from 'vitest';
import type { Circle } from '#client/calls/circle.ts';
import { OwnMedia } from '#client/calls/own-media.ts';
import { Phone } from '#client/calls/phone.ts';
import type { End } from '#client/calls/ring.ts';
import type { Signal } from '#protocol/media/signal.ts';
import type { MailType } from '#protocol/media/signal-form.ts';
import { nodeEngine } from '../../../../appliance/terminal/platform/node-engine.ts';
import { FakeCallPlatform, MovedClock, settle } from '../../../support/client/fake-calls.ts';

const cid = 'room';
/** Device → member. */
const people = new Map<string, string>();

const circle = {
  memberOf: (device: string) => people.get(device),
  devicesOf: (_cid: string, member: string) =>
    [...people].flatMap(([device, of]) => (of === member ? [device] : [])),
  devicesIn: () => [...people.keys()],
  isIn: (where: string, device: string) => where === cid && people.has(device),
  hasMember: (_cid: string, member: string) => [...people.values()].includes(member),
  keysOf: () => undefined,
} as unknown as Circle;

/** Phones that hear each other through a post office of the test. */
class Town {
  readonly clock = new MovedClock();
  readonly phones = new Map<string, Phone>();
  readonly platforms = new Map<string, FakeCallPlatform>();
  readonly logged: { device: string; end: End; talkedMs: number }[] = [];
  readonly sent: { from: string; to: string; t: MailType }[] = [];
  /** Mail that a test holds back. */
  held: (() => void)[] | undefined;

  constructor() {
    for (const [device, member] of people) this.#add(device, member);
  }

  phone(device: string): Phone {
    const phone = this.phones.get(device);
    if (!phone) throw new Error(device);
    return phone;
  }

  /** A signal as the mailbox hands it over: really by `from`. */
  deliver(from: string, to: string, t: MailType, b: object, where = cid): void {
    this.sent.push({ from, to, t });
    const signal = {
      from,
      cid: where,
      t,
      b,
      boot: '',
      n: 0,
      m: 0,
      to,
    } as unknown as Signal<MailType>;
    const hand = (): void => this.phones.get(to)?.receive(signal);
    if (this.held) this.held.push(hand);
    else hand();
  }

  #add(device: string, member: string): void {
    const platform = new FakeCallPlatform();
    this.platforms.set(device, platform);
    const phone = new Phone({
      engine: nodeEngine,
      clock: this.clock,
      platform,
      circle,
      me: { device, member },
      media: new OwnMedia(platform.capture, () => undefined),
      onlyRelay: () => false,
      turn: () => Promise.resolve(undefined),
      send: (to, where, t, b) => {
        this.deliver(device, to, t, b, where);
      },
      isBusy: () => false,
      onMade: (_call, end, talkedMs) => {
        this.logged.push({ device, end, talkedMs });
      },
      onChange: () => undefined,
    });
    this.phones.set(device, phone);
  }
}

let town: Town;
const call = (from: string, person: string) =>
  town.phone(from).call({ cid, person, withVideo: false });
const phaseAt = (device: string) => town.phone(device).current?.ring.phase;

beforeEach(() => {
  people.clear();
  people.set('anna', 'Anna').set('ben1', 'Ben').set('ben2', 'Ben').set('cleo', 'Cleo');
  town = new Town();
});

describe('a call', () => {
  it('rings on all devices of the person, and the first that accepts has it', async () => {
    await call('anna', 'Ben');
    for (const device of ['ben1', 'ben2']) expect(town.phone(device).ringing).toBeDefined();
    expect(town.phone('cleo').ringing).toBeUndefined();
    await town.phone('ben2').accept(false);
    await settle();
    expect(town.phone('ben1').ringing).toBeUndefined();
    expect(town.platforms.get('ben2')?.peers[0]?.taken).toEqual(['offer']);
    expect(town.platforms.get('anna')?.peers[0]?.taken).toEqual(['answer']);
    for (const device of ['anna', 'ben2']) {
      town.platforms.get(device)?.peers[0]?.events.onState('up');
      expect(phaseAt(device)).toBe('on');
    }
  });

  it('is written into the log by the caller alone, with its length', async () => {
    await call('anna', 'Ben');
    await town.phone('ben1').accept(false);
    await settle();
    for (const device of ['anna', 'ben1']) {
      town.platforms.get(device)?.peers[0]?.events.onState('up');
    }
    await town.clock.pass(90_000);
    town.phone('ben1').leave();
    await settle();
    expect(town.logged).toEqual([{ device: 'anna', end: 'hangup', talkedMs: 90_000 }]);
    expect(town.platforms.get('anna')?.recording.size).toBe(0);
    expect(town.platforms.get('ben1')?.peers[0]?.isClosed).toBe(true);
  });

  it('looks for a new way until there is one, and is lost after three quarters of a minute', async () => {
    await call('anna', 'Ben');
    await town.phone('ben1').accept(false);
    await settle();
    const anna = town.platforms.get('anna')?.peers[0];
    for (const device of ['anna', 'ben1']) {
      town.platforms.get(device)?.peers[0]?.events.onState('up');
    }
    anna?.events.onState('down');
    await town.clock.pass(20_000);
    const offers = town.platforms
      .get('ben1')
      ?.peers[0]?.taken.filter((one) => one === 'offer again');
    expect(offers?.length).toBe(4);
    anna?.events.onState('up');
    expect(phaseAt('anna')).toBe('on');
    anna?.events.onState('down');
    await town.clock.pass(46_000);
    expect(town.phone('anna').current?.ring.end).toBe('lost');
  });

  it('is not answered for a minute, and is over everywhere (S125)', async () => {
    await call('anna', 'Ben');
    await town.clock.pass(61_000);
    expect(town.phone('anna').current?.ring.end).toBe('no-answer');
    for (const device of ['ben1', 'ben2']) expect(town.phone(device).ringing).toBeUndefined();
    expect(town.logged).toMatchObject([{ end: 'no-answer', talkedMs: 0 }]);
  });

  it('rings again at a device that was away for the first ring', async () => {
    town.held = [];
    await call('anna', 'Ben');
    town.held = undefined;
    expect(town.phone('ben1').ringing).toBeUndefined();
    await town.clock.pass(5_000);
    expect(town.phone('ben1').ringing).toBeDefined();
  });

  it('tells a third that this person is busy', async () => {
    people.delete('ben2');
    town = new Town();
    await call('anna', 'Ben');
    await call('cleo', 'Ben');
    expect(town.phone('cleo').current?.ring.end).toBe('busy');
    expect(town.phone('anna').current?.ring.phase).toBe('ringing');
  });
});

describe('two who call each other at once', () => {
  it('end up in one call, whichever ring comes first', async () => {
    people.delete('ben2');
    for (const order of [0, 1]) {
      town = new Town();
      town.held = [];
      await Promise.all([call('anna', 'Ben'), call('ben1', 'Anna')]);
      const held = order === 0 ? town.held : town.held.toReversed();
      town.held = undefined;
      for (const hand of held) hand();
      await settle();
      const [a, b] = [town.phone('anna').current?.ring, town.phone('ben1').current?.ring];
      expect(a?.id).toBe(b?.id);
      expect([a?.phase, b?.phase]).toEqual(['connecting', 'connecting']);
      expect(new Set([a?.role, b?.role])).toEqual(new Set(['callee', 'caller']));
      expect(town.logged).toEqual([]);
    }
  });
});

describe('what others may not do', () => {
  it('a member cannot answer, hang up or redirect a call of two others', async () => {
    await call('anna', 'Ben');
    await town.phone('ben1').accept(false);
    await settle();
    const { id = '' } = town.phone('anna').current?.ring ?? {};
    for (const to of ['anna', 'ben1']) {
      for (const t of ['hangup', 'accept', 'answered', 'decline', 'busy'] as const) {
        town.deliver('cleo', to, t, { call: id });
      }
      town.deliver('cleo', to, 'offer', { call: id, sdp: 'forged' });
      town.deliver('cleo', to, 'answer', { call: id, sdp: 'forged' });
      town.deliver('cleo', to, 'ice', {
        call: id,
        c: [{ a: 'candidate:1 1 udp 1 10.0.0.66 9 typ host', i: 0, mid: '0' }],
      });
    }
    await settle();
    for (const device of ['anna', 'ben1']) {
      expect(phaseAt(device)).toBe('connecting');
      const [peer] = town.platforms.get(device)?.peers ?? [];
      expect(peer?.taken).not.toContain('forged');
      expect(peer?.candidates).toEqual([]);
    }
  });

  it('signals of the right device for another conversation change nothing', async () => {
    await call('anna', 'Ben');
    const { id = '' } = town.phone('anna').current?.ring ?? {};
    town.deliver('anna', 'ben1', 'hangup', { call: id }, 'other');
    expect(town.phone('ben1').ringing).toBeDefined();
  });

  it('nobody rings from outside the conversation, nor does one’s own other device', () => {
    town.deliver('stranger', 'anna', 'call', { call: 'x', k: 'audio' });
    town.deliver('cleo', 'anna', 'call', { call: 'y', k: 'audio' }, 'elsewhere');
    town.deliver('ben2', 'ben1', 'call', { call: 'z', k: 'audio' });
    for (const device of ['anna', 'ben1']) expect(town.phone(device).ringing).toBeUndefined();
  });

  it('who was removed during a call is out of it at once', async () => {
    await call('anna', 'Ben');
    await town.phone('ben1').accept(false);
    await settle();
    people.delete('ben1');
    town.phone('anna').check();
    await settle();
    expect(town.phone('anna').current?.ring.end).toBe('removed');
    expect(town.platforms.get('anna')?.peers[0]?.isClosed).toBe(true);
    expect(town.platforms.get('anna')?.recording.size).toBe(0);
  });

  it('a call that the caller’s page has forgotten ends at the one who accepts', async () => {
    town.deliver('anna', 'ben1', 'call', { call: 'gone', k: 'audio' });
    await town.phone('ben1').accept(false);
    await settle();
    expect(town.phone('ben1').current?.ring.end).toBe('hangup');
  });
});
