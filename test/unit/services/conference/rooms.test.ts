import { beforeEach, describe, expect, it } from 'vitest';
import { Events } from '#kernel/events.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { conferenceConfig } from '../../../../appliance/services/conference/config.ts';
import { roomRoutes } from '../../../../appliance/services/conference/room-routes.ts';
import {
  roomId,
  Rooms,
  type ConferenceFacts,
} from '../../../../appliance/services/conference/rooms.ts';
import { Doors, type Answer } from '../../../support/doors.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeSfu, type FakeTransport, type FakeWorker } from '../../../support/fake-sfu.ts';
import { audioLevel, dtls, opus, receivesAll, vp8 } from '../../../support/media-samples.ts';

const fp = (name: string): string => name.padEnd(52, 'a');
const [red, blue, green] = [fp('red'), fp('blue'), fp('green')];
const cid = fp('talk');
const conf = toB64u(new Uint8Array(16).fill(5));
const id = roomId(cid, conf);

let clock: FakeClock;
let inside: Set<string>;
let workers: FakeWorker[];
let told: { id: string; devices: readonly string[] }[];
let rooms: Rooms;
let doors: Doors;

beforeEach(async () => {
  await open({});
});

async function open(settings: object): Promise<void> {
  clock = new FakeClock();
  inside = new Set([red, blue, green]);
  told = [];
  const sfu = new FakeSfu();
  const listen = { addresses: ['127.0.0.1'], announcedAddress: undefined, port: 0 };
  workers = [await sfu.openWorker(listen), await sfu.openWorker(listen)];
  const events = new Events<ConferenceFacts>((error) => {
    throw error;
  });
  events.on('room', (fact) => told.push(fact));
  const insiders = { isInside: (device: string) => inside.has(device) };
  rooms = new Rooms(
    { insiders, workers: () => workers, events, clock },
    conferenceConfig.parse(settings),
  );
  doors = new Doors(roomRoutes(rooms));
}

function ask(device: string, step: string, body: unknown = {}, room = id): Promise<Answer> {
  const caller = { device, member: fp('m'), party: fp('p') };
  if (step === '') return doors.ask('GET', `/v1/rooms/${room}`, { caller });
  return doors.ask('POST', `/v1/rooms/${room}/${step}`, { caller, body });
}

const join = (device: string, room = id, body: object = { cid, conf }) =>
  ask(device, 'join', body, room);

async function given(answer: Promise<Answer>): Promise<Record<string, string>> {
  const { code, json } = await answer;
  if (code) throw new Error(code);
  return json as Record<string, string>;
}

async function transport(device: string, dir: 'send' | 'recv'): Promise<string> {
  return (await given(ask(device, 'transport', { dir })))['id'] as string;
}

async function produce(device: string, ssrc = 11): Promise<string> {
  const sending = await transport(device, 'send');
  const body = { transport: sending, kind: 'audio', rtp: opus(ssrc) };
  return (await given(ask(device, 'produce', body)))['id'] as string;
}

function caps(): unknown {
  return receivesAll(
    [...(workers[0]?.routers ?? []), ...(workers[1]?.routers ?? [])][0]?.capabilities,
  );
}

describe('a room', () => {
  it('is joined by members of its conversation, who see each other and hear of changes', async () => {
    const first = await given(join(red));
    expect(first).toMatchObject({ peers: [red], producers: [] });
    expect(first['rtp']).toBeDefined();
    expect(await given(join(blue))).toMatchObject({ peers: [red, blue] });
    expect(told).toEqual([{ id, devices: [red] }]);
    const producer = await produce(blue);
    expect(told.at(-1)).toEqual({ id, devices: [red] });
    const state = { peers: [red, blue], producers: [{ id: producer, d: blue, kind: 'audio' }] };
    expect(await given(ask(red, ''))).toEqual(state);
    const receiving = await transport(red, 'recv');
    const consumer = await given(
      ask(red, 'consume', { transport: receiving, producer, caps: caps() }),
    );
    expect(consumer).toMatchObject({ kind: 'audio' });
    expect(await given(ask(red, 'resume', { consumer: consumer['id'] }))).toEqual({});
    expect(await given(ask(blue, 'close', { producer }))).toEqual({});
    expect(await given(ask(red, ''))).toEqual({ peers: [red, blue], producers: [] });
    expect((await ask(red, 'resume', { consumer: consumer['id'] })).code).toBe(
      'CONFERENCE_THING_UNKNOWN',
    );
  });

  it('is closed to strangers, and to a name that does not belong to the conversation', async () => {
    expect((await join(fp('stranger'))).code).toBe('CONFERENCE_NOT_INSIDE');
    expect((await join(red, roomId(fp('other'), conf))).code).toBe('CONFERENCE_NOT_INSIDE');
    expect((await join(red, fp('made'))).code).toBe('CONFERENCE_NOT_INSIDE');
    expect(rooms.count).toBe(0);
    await join(red);
    expect((await ask(fp('stranger'), '')).code).toBe('CONFERENCE_NOT_INSIDE');
    for (const step of ['transport', 'leave']) {
      const answer = await ask(fp('stranger'), step, step === 'leave' ? {} : { dir: 'send' });
      expect(answer.json ?? answer.code).not.toHaveProperty('id');
    }
    expect(await given(ask(red, ''))).toMatchObject({ peers: [red] });
  });

  it('wants to be joined first', async () => {
    expect((await ask(red, 'transport', { dir: 'send' })).code).toBe('CONFERENCE_ROOM_NONE');
    await join(blue);
    expect((await ask(red, 'transport', { dir: 'send' })).code).toBe('CONFERENCE_ROOM_NONE');
    expect(await given(ask(red, ''))).toMatchObject({ peers: [blue] });
  });

  it("lets nobody touch what is another device's", async () => {
    await join(red);
    await join(blue);
    const producer = await produce(blue);
    const theirs = await transport(blue, 'recv');
    const body = { transport: theirs, producer, caps: caps() };
    expect((await ask(red, 'consume', body)).code).toBe('CONFERENCE_THING_UNKNOWN');
    expect((await ask(red, 'connect', { transport: theirs, dtls })).code).toBe(
      'CONFERENCE_THING_UNKNOWN',
    );
    expect((await ask(red, 'close', { producer })).code).toBe('');
    expect(await given(ask(red, ''))).toMatchObject({ producers: [{ id: producer, d: blue }] });
  });

  it('sends and receives on the transport that is for it only', async () => {
    await join(red);
    await join(blue);
    const producer = await produce(blue);
    const sending = await transport(red, 'send');
    const receiving = await transport(red, 'recv');
    const swapped = { transport: receiving, kind: 'audio', rtp: opus(1) };
    expect((await ask(red, 'produce', swapped)).code).toBe('CONFERENCE_THING_UNKNOWN');
    const wrong = { transport: sending, producer, caps: caps() };
    expect((await ask(red, 'consume', wrong)).code).toBe('CONFERENCE_THING_UNKNOWN');
    expect(
      (
        await ask(blue, 'consume', {
          transport: await transport(blue, 'recv'),
          producer,
          caps: caps(),
        })
      ).code,
    ).toBe('CONFERENCE_THING_UNKNOWN');
  });

  it('ends with its last device, and the SFU keeps nothing', async () => {
    await join(red);
    await join(blue);
    await produce(blue);
    await ask(blue, 'leave');
    expect(await given(ask(red, ''))).toEqual({ peers: [red], producers: [] });
    await ask(red, 'leave');
    await ask(red, 'leave');
    expect(rooms.count).toBe(0);
    expect(workers.map(({ routers }) => routers.size)).toEqual([0, 0]);
    expect((await ask(red, '')).code).toBe('CONFERENCE_ROOM_NONE');
  });

  it('begins anew for a device that joins again', async () => {
    await join(red);
    const producer = await produce(red);
    await join(blue);
    const again = await given(join(red));
    expect(again).toMatchObject({ peers: [blue, red], producers: [] });
    const receiving = await transport(blue, 'recv');
    expect(
      (await ask(blue, 'consume', { transport: receiving, producer, caps: caps() })).code,
    ).toBe('CONFERENCE_THING_UNKNOWN');
  });

  it('keeps one transport a direction', async () => {
    await join(red);
    for (let n = 0; n < 5; n++) {
      await transport(red, 'send');
      await transport(red, 'recv');
    }
    const [router] = workers.flatMap(({ routers }) => [...routers]);
    expect(router?.transports.size).toBe(2);
  });
});

describe('a device', () => {
  it('that was removed from the conversation is out at once, and may not come back', async () => {
    await join(red);
    await join(blue);
    const producer = await produce(blue);
    inside.delete(blue);
    told.length = 0;
    rooms.sweep();
    expect(told).toEqual([{ id, devices: [red, blue] }]);
    expect(await given(ask(red, ''))).toEqual({ peers: [red], producers: [] });
    expect((await ask(blue, 'close', { producer })).code).toBe('CONFERENCE_NOT_INSIDE');
    expect((await join(blue)).code).toBe('CONFERENCE_NOT_INSIDE');
  });

  it('that was removed is out with its next request as well', async () => {
    await join(red);
    await join(blue);
    inside.delete(blue);
    expect((await ask(blue, '')).code).toBe('CONFERENCE_NOT_INSIDE');
    expect(await given(ask(red, ''))).toMatchObject({ peers: [red] });
  });

  it('that is lost is taken out; one that is heard, or asks, stays', async () => {
    for (const device of [red, blue, green]) await join(device);
    await transport(blue, 'send');
    const [router] = workers.flatMap(({ routers }) => [...routers]);
    const [heard] = router?.transports ?? [];
    (heard as FakeTransport).isConnected = true;
    clock.pass(29_000);
    await ask(green, '');
    rooms.sweep();
    expect(await given(ask(blue, ''))).toMatchObject({ peers: [red, blue, green] });
    clock.pass(2_000);
    rooms.sweep();
    expect(await given(ask(blue, ''))).toMatchObject({ peers: [blue, green] });
  });
});

describe('workers', () => {
  it('get rooms by their load', async () => {
    const names = [1, 2, 3, 4].map((n) => toB64u(new Uint8Array(16).fill(n)));
    for (const [n, name] of names.entries()) {
      await join([red, blue, green, fp('d')][n] as string, roomId(cid, name), { cid, conf: name });
    }
    inside.add(fp('d'));
    const name = names[3] as string;
    await join(fp('d'), roomId(cid, name), { cid, conf: name });
    expect(workers.map(({ routers }) => routers.size)).toEqual([2, 2]);
  });

  it('that die take their rooms with them, which is told, and rooms go on elsewhere', async () => {
    await join(red);
    await join(blue);
    const dead = workers.find(({ routers }) => routers.size > 0);
    told.length = 0;
    dead?.die();
    rooms.end(dead);
    expect(told).toEqual([{ id, devices: [red, blue] }]);
    expect((await ask(red, '')).code).toBe('CONFERENCE_ROOM_NONE');
    expect(await given(join(red))).toMatchObject({ peers: [red] });
    expect(workers.find(({ isDead }) => !isDead)?.routers.size).toBe(1);
  });

  it('all dead: joining can be tried again later', async () => {
    for (const worker of workers) worker.die();
    expect((await join(red)).code).toBe('CONFERENCE_ROOM_NONE');
  });
});

describe('limits', () => {
  it('hold for devices in a room, rooms of a device, rooms and streams', async () => {
    await open({
      devicesPerRoomCount: 2,
      roomsPerDeviceCount: 1,
      roomsCount: 2,
      streamsPerDeviceCount: 1,
    });
    await join(red);
    await join(blue);
    expect((await join(green)).code).toBe('CONFERENCE_CROWD');
    expect((await join(red)).code).toBe('');
    const names = [7, 8].map((n) => toB64u(new Uint8Array(16).fill(n))) as [string, string];
    const second = { cid, conf: names[0] };
    expect((await join(red, roomId(cid, names[0]), second)).code).toBe('CONFERENCE_CROWD');
    expect((await join(green, roomId(cid, names[0]), second)).code).toBe('');
    inside.add(fp('d'));
    const third = await join(fp('d'), roomId(cid, names[1]), { cid, conf: names[1] });
    expect(third.code).toBe('CONFERENCE_CROWD');
    const sending = await transport(red, 'send');
    const one = { transport: sending, kind: 'audio', rtp: opus(1) };
    expect((await ask(red, 'produce', one)).code).toBe('');
    const two = { transport: sending, kind: 'video', rtp: vp8(3) };
    expect((await ask(red, 'produce', two)).code).toBe('CONFERENCE_CROWD');
  });
});

describe('garbage', () => {
  it('is refused at every door, and nothing is opened', async () => {
    await join(red);
    const sending = await transport(red, 'send');
    const fine = opus(1);
    const bad: [string, unknown][] = [
      ['join', { cid }],
      ['join', { cid, conf: 'short' }],
      ['join', { cid: 'no', conf }],
      ['transport', { dir: 'both' }],
      ['transport', []],
      ['connect', { transport: sending, dtls: {} }],
      [
        'connect',
        { transport: sending, dtls: { ...dtls, fingerprints: [{ algorithm: 'md5', value: 'A' }] } },
      ],
      ['produce', { transport: sending, kind: 'data', rtp: fine }],
      ['produce', { transport: sending, kind: 'audio', rtp: { ...fine, codecs: [] } }],
      [
        'produce',
        { transport: sending, kind: 'audio', rtp: { ...fine, encodings: [{ ssrc: -1 }] } },
      ],
      [
        'produce',
        { transport: sending, kind: 'audio', rtp: { ...fine, encodings: [{ ssrc: 2 ** 32 }] } },
      ],
      [
        'produce',
        {
          transport: sending,
          kind: 'audio',
          rtp: { ...fine, headerExtensions: [{ uri: audioLevel, id: 1 }] },
        },
      ],
      [
        'produce',
        {
          transport: sending,
          kind: 'video',
          rtp: {
            ...fine,
            codecs: [{ mimeType: 'video/H264', payloadType: 96, clockRate: 90_000 }],
          },
        },
      ],
      ['produce', { transport: sending, kind: 'video', rtp: fine }],
      ['consume', { transport: sending, producer: 'x', caps: null }],
      ['consume', { transport: 'x'.repeat(65), producer: 'x', caps: caps() }],
      ['resume', { consumer: 5 }],
      ['close', { producer: 'a', consumer: 'b' }],
      ['leave', { all: 1 }],
      ['produce', '{"__proto__": {"transport": "x"}}'],
    ];
    for (const [step, body] of bad) {
      const { code } = await ask(red, step, body);
      expect(code, `${step} ${JSON.stringify(body)}`).toBe('CONFERENCE_REQUEST_MALFORMED');
    }
    const bytes = new TextEncoder().encode('{"dir":');
    expect((await ask(red, 'transport', bytes)).code).toBe('CONFERENCE_REQUEST_MALFORMED');
    expect((await ask(red, '', {}, 'not-a-room')).code).toBe('CONFERENCE_REQUEST_MALFORMED');
    expect(await given(ask(red, ''))).toEqual({ peers: [red], producers: [] });
  });
});
