import { beforeEach, describe, expect, it } from 'vitest';
import type { Circle } from '#client/calls/circle.ts';
import { Conference } from '#client/calls/conference.ts';
import type { CallDoors } from '#client/calls/doors.ts';
import { OwnMedia } from '#client/calls/own-media.ts';
import { BoxRefusal } from '#client/exchange.ts';
import { toB32, toB64u } from '#protocol/codec/text-form.ts';
import { H32 } from '#protocol/codec/hash.ts';
import type { SignalBody } from '#protocol/media/signal-form.ts';
import type { Signal } from '#protocol/media/signal.ts';
import { nodeEngine } from '../../../../appliance/terminal/platform/node-engine.ts';
import { FakeCallPlatform, MovedClock, settle } from '../../../support/client/fake-calls.ts';

const device = (name: string): string => toB32(H32('fp-device', name));
const [me, ben, cleo, stranger] = ['me', 'ben', 'cleo', 'stranger'].map(device) as [
  string,
  string,
  string,
  string,
];
const cid = device('room');
const conf = toB64u(new Uint8Array(16).fill(7));

/** A box that says whatever a test wants about who is at its SFU. */
class Box {
  peers: string[] = [];
  producers: { id: string; d: string; kind: string }[] = [];
  isAway = false;
  readonly asked: string[] = [];

  room(): Promise<unknown> {
    if (this.isAway) return Promise.reject(new BoxRefusal(503, 'CONFERENCE_ROOM_NONE'));
    return Promise.resolve({ peers: this.peers, producers: this.producers });
  }

  ask(_room: string, what: string): Promise<unknown> {
    this.asked.push(what);
    return this.isAway ? Promise.reject(new BoxRefusal(503, 'CONFERENCE_ROOM_NONE')) : this.room();
  }
}

const inside = new Set<string>();
let box: Box;
let clock: MovedClock;
let platform: FakeCallPlatform;
let sent: { to: string; t: string; b: SignalBody<'media-key'> }[];
let conference: Conference;

const circle = { isIn: (_cid: string, one: string) => inside.has(one) } as unknown as Circle;
const keys = () => sent.filter(({ t }) => t === 'media-key');
const frames = () => platform.frames[0];

/** Mail as the mailbox hands it over: really by `from`. */
function hear(from: string, t: 'media-key' | 'hangup', b: object): void {
  conference.receive({ from, cid, t, b } as unknown as Signal<'media-key'>);
}

function announcement(session = 'AAAA', base = new Uint8Array(32)): object {
  const streams = [{ i: 0, k: 'audio', layer: 0 }];
  return { base: toB64u(base), conf, gen: 0, mh: [], session, streams, to: [me] };
}

beforeEach(async () => {
  inside.clear();
  for (const one of [me, ben, cleo]) inside.add(one);
  box = new Box();
  box.peers = [me];
  clock = new MovedClock();
  platform = new FakeCallPlatform();
  sent = [];
  conference = new Conference(
    {
      engine: nodeEngine,
      clock,
      platform,
      circle,
      doors: box as unknown as CallDoors,
      media: new OwnMedia(platform.capture, () => undefined),
      self: me,
      heads: () => [],
      send: (to, _cid, t, b) => {
        sent.push({ to, t, b: b as SignalBody<'media-key'> });
      },
      tell: () => undefined,
      onChange: () => undefined,
      onOver: () => undefined,
    },
    cid,
    conf,
  );
  await conference.join();
});

describe('the key of our frames', () => {
  it('goes to those who take part and are in the conversation, whoever the box lists', async () => {
    box.peers = [me, ben, stranger];
    await conference.refresh();
    expect(keys().map(({ to }) => to)).toEqual([ben]);
    expect(keys()[0]?.b.to).toEqual([ben]);
  });

  it('changes for a newcomer, after everybody has had the time to get it', async () => {
    box.peers = [me, ben];
    await conference.refresh();
    const before = frames()?.sentUnder.length;
    await clock.pass(600);
    expect(frames()?.sentUnder.length).toBe((before ?? 0) + 1);
    box.peers = [me, ben, cleo];
    await conference.refresh();
    const told = keys().slice(-2);
    expect(told.map(({ to }) => to).sort()).toEqual([ben, cleo].sort());
    expect(new Set(told.map(({ b }) => b.gen)).size).toBe(1);
    await clock.pass(600);
    expect(frames()?.sentUnder.at(-1)?.generation).toBe(told[0]?.b.gen);
  });

  it('is new and used at once when somebody leaves, and the leaver never gets it', async () => {
    box.peers = [me, ben, cleo];
    await conference.refresh();
    await clock.pass(600);
    sent = [];
    hear(cleo, 'hangup', { call: conf });
    expect(keys().map(({ to }) => to)).toEqual([ben]);
    expect(toB64u(frames()?.sentUnder.at(-1)?.base ?? new Uint8Array())).toBe(keys()[0]?.b.base);
    expect(frames()?.removed).toContain(cleo);
  });

  it('is not given again to one who left, although the box still lists them', async () => {
    box.peers = [me, ben, cleo];
    await conference.refresh();
    hear(cleo, 'hangup', { call: conf });
    sent = [];
    await conference.refresh();
    expect(keys()).toEqual([]);
    expect(conference.participants.all().map(({ device: one }) => one)).toEqual([ben]);
    hear(cleo, 'media-key', announcement());
    expect(keys().map(({ to }) => to)).toContain(cleo);
  });

  it('changes at once when a member is removed in the mission', async () => {
    box.peers = [me, ben, cleo];
    await conference.refresh();
    await clock.pass(600);
    sent = [];
    inside.delete(cleo);
    conference.check();
    expect(keys().map(({ to }) => to)).toEqual([ben]);
    expect(frames()?.removed).toEqual([cleo]);
    expect(conference.participants.all().map(({ device: one }) => one)).toEqual([ben]);
  });
});

describe('an announcement that was lost', () => {
  it('is asked for by telling ours again, and answered once', async () => {
    box.peers = [me, ben];
    await conference.refresh();
    sent = [];
    await clock.pass(6_000);
    await conference.look();
    expect(keys().map(({ to }) => to)).toEqual([ben]);
    hear(ben, 'media-key', announcement());
    expect(keys()).toHaveLength(1);
    hear(ben, 'media-key', announcement());
    expect(keys()).toHaveLength(2);
  });
});

describe('what the box and strangers may not do', () => {
  it('a key from somebody outside the conversation is not even looked at', () => {
    hear(stranger, 'media-key', announcement());
    expect(frames()?.announced).toEqual([]);
    expect(conference.participants.all()).toEqual([]);
    expect(keys()).toEqual([]);
  });

  it('a key for another conference is none for this one', () => {
    hear(ben, 'media-key', { ...announcement(), conf: toB64u(new Uint8Array(16)) });
    expect(frames()?.announced).toEqual([]);
  });

  it('producers that the SFU invents for strangers are not received', async () => {
    box.peers = [me, ben];
    box.producers = [
      { id: '1', d: ben, kind: 'audio' },
      { id: '2', d: stranger, kind: 'video' },
      { id: '3', d: me, kind: 'video' },
      { id: '4', d: ben, kind: 'hologram' },
    ];
    await conference.refresh();
    expect(platform.seats[0]?.followed.map(({ id }) => id)).toEqual(['1']);
  });

  it('frames that a device has not signed for are silenced', async () => {
    box.peers = [me, ben];
    await conference.refresh();
    const hash = new Uint8Array(8);
    const shown = [{ stream: 0, generation: 0, ctr: 0, hash }];
    frames()?.events.onShown(ben, 'AAAA', shown);
    const other = toB64u(new Uint8Array(8).fill(1));
    const st = [[0, 0, 0, 0, other.replaceAll('-', '+').replaceAll('_', '/').padEnd(12, '=')]];
    const digest = { conf, session: 'AAAA', st, w: 0 } as unknown as SignalBody<'digest'>;
    conference.digest(stranger, digest);
    expect(frames()?.muted).toEqual([]);
    conference.digest(ben, digest);
    expect(frames()?.muted).toEqual([ben]);
    await conference.look();
    expect(conference.participants.all()[0]?.trust).toBe('forged');
  });
});

describe('a seat that is lost', () => {
  it('is taken anew by itself, with the same counters of frames', async () => {
    box.isAway = true;
    platform.seats[0]?.events.onLost();
    await settle();
    expect(conference.step).toBe('lost');
    await clock.pass(1_000);
    box.isAway = false;
    await clock.pass(5_000);
    expect(conference.step).toBe('on');
    expect(platform.seats.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    // One worker for all seats: a second one would begin its counters anew under an old key.
    expect(platform.frames).toHaveLength(1);
  });

  it('is noticed when the SFU does not know this device any more', async () => {
    box.peers = [ben];
    await conference.refresh();
    await clock.pass(60_000);
    expect(conference.step).toBe('lost');
    // Asked again and again, but never in a loop that the box could drive.
    const joins = box.asked.filter((what) => what === 'join').length;
    expect(joins).toBeGreaterThan(3);
    expect(joins).toBeLessThan(12);
    conference.leave();
  });
});

it('says farewell to everybody by signature, and to the box', async () => {
  box.peers = [me, ben];
  await conference.refresh();
  conference.leave();
  expect(sent.at(-1)).toMatchObject({ to: ben, t: 'hangup', b: { call: conf } });
  expect(box.asked).toContain('leave');
  expect(conference.end).toBe('hangup');
});
