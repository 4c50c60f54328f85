import { beforeEach, describe, expect, it } from 'vitest';
import { audioLevel, dtls, opus, vp8 } from '../../../support/media-samples.ts';
import {
  black,
  blue,
  cid,
  confs,
  green,
  id,
  red,
  RoomsBench,
} from '../../../support/rooms-bench.ts';

let bench: RoomsBench;
beforeEach(async () => {
  bench = await RoomsBench.open();
});

describe('workers', () => {
  it('get rooms by their load', async () => {
    for (const [n, device] of [red, blue, green, black].entries()) {
      await bench.join(device, confs[n]);
    }
    expect(bench.workers.map(({ routers }) => routers.size)).toEqual([2, 2]);
  });

  it('that die take their rooms with them, which is told, and rooms go on elsewhere', async () => {
    await bench.join(red);
    await bench.join(blue);
    const dead = bench.workers.find(({ routers }) => routers.size > 0);
    bench.told.length = 0;
    dead?.die();
    bench.rooms.end(dead);
    expect(bench.told).toEqual([{ id, devices: [red, blue] }]);
    expect((await bench.ask(red, '')).code).toBe('CONFERENCE_ROOM_NONE');
    expect(await bench.given(bench.join(red))).toMatchObject({ peers: [red] });
    expect(bench.workers.find(({ isDead }) => !isDead)?.routers.size).toBe(1);
  });

  it('all dead: joining can be tried again later', async () => {
    for (const worker of bench.workers) worker.die();
    expect((await bench.join(red)).code).toBe('CONFERENCE_ROOM_NONE');
  });
});

describe('limits', () => {
  it('hold for devices in a room, rooms of a device, rooms and streams', async () => {
    bench = await RoomsBench.open({
      devicesPerRoomCount: 2,
      roomsPerDeviceCount: 1,
      roomsCount: 2,
      streamsPerDeviceCount: 1,
    });
    await bench.join(red);
    await bench.join(blue);
    expect((await bench.join(green)).code).toBe('CONFERENCE_CROWD');
    expect((await bench.join(red)).code).toBe('');
    expect((await bench.join(red, confs[1])).code).toBe('CONFERENCE_CROWD');
    expect((await bench.join(green, confs[1])).code).toBe('');
    expect((await bench.join(black, confs[2])).code).toBe('CONFERENCE_CROWD');
    const sending = await bench.transport(red, 'send');
    const one = { transport: sending, kind: 'audio', rtp: opus(1) };
    expect((await bench.ask(red, 'produce', one)).code).toBe('');
    const two = { transport: sending, kind: 'video', rtp: vp8(3) };
    expect((await bench.ask(red, 'produce', two)).code).toBe('CONFERENCE_CROWD');
  });
});

describe('garbage', () => {
  it('is refused at every door, and nothing is opened', async () => {
    await bench.join(red);
    const sending = await bench.transport(red, 'send');
    const fine = opus(1);
    const bad: [string, unknown][] = [
      ['join', { cid }],
      ['join', { cid, conf: 'short' }],
      ['join', { cid: 'no', conf: confs[0] }],
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
      ['consume', { transport: 'x'.repeat(65), producer: 'x', caps: bench.caps }],
      ['resume', { consumer: 5 }],
      ['close', { producer: 'a', consumer: 'b' }],
      ['leave', { all: 1 }],
      ['produce', '{"__proto__": {"transport": "x"}}'],
    ];
    for (const [step, body] of bad) {
      const { code } = await bench.ask(red, step, body);
      expect(code, `${step} ${JSON.stringify(body)}`).toBe('CONFERENCE_REQUEST_MALFORMED');
    }
    const bytes = new TextEncoder().encode('{"dir":');
    expect((await bench.ask(red, 'transport', bytes)).code).toBe('CONFERENCE_REQUEST_MALFORMED');
    expect((await bench.ask(red, '', {}, 'not-a-room')).code).toBe('CONFERENCE_REQUEST_MALFORMED');
    expect(await bench.given(bench.ask(red, ''))).toEqual({ peers: [red], producers: [] });
  });
});
