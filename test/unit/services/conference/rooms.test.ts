import { beforeEach, describe, expect, it } from 'vitest';
import { roomId } from '../../../../appliance/services/conference/rooms.ts';
import type { FakeTransport } from '../../../support/fake-sfu.ts';
import { dtls, opus } from '../../../support/media-samples.ts';
import { blue, confs, green, id, red, RoomsBench, stranger } from '../../../support/rooms-bench.ts';

let bench: RoomsBench;
beforeEach(async () => {
  bench = await RoomsBench.open();
});

describe('a room', () => {
  it('is joined by members of its conversation, who see each other and hear of changes', async () => {
    const first = await bench.given(bench.join(red));
    expect(first).toMatchObject({ peers: [red], producers: [] });
    expect(first['rtp']).toBeDefined();
    expect(await bench.given(bench.join(blue))).toMatchObject({ peers: [red, blue] });
    expect(bench.told).toEqual([{ id, devices: [red] }]);
    const producer = await bench.produce(blue);
    expect(bench.told.at(-1)).toEqual({ id, devices: [red] });
    const state = { peers: [red, blue], producers: [{ id: producer, d: blue, kind: 'audio' }] };
    expect(await bench.given(bench.ask(red, ''))).toEqual(state);
    const receiving = await bench.transport(red, 'recv');
    const consumer = await bench.given(
      bench.ask(red, 'consume', { transport: receiving, producer, caps: bench.caps }),
    );
    expect(consumer).toMatchObject({ kind: 'audio' });
    expect(await bench.given(bench.ask(red, 'resume', { consumer: consumer['id'] }))).toEqual({});
    expect(await bench.given(bench.ask(blue, 'close', { producer }))).toEqual({});
    expect(await bench.given(bench.ask(red, ''))).toEqual({ peers: [red, blue], producers: [] });
    expect((await bench.ask(red, 'resume', { consumer: consumer['id'] })).code).toBe(
      'CONFERENCE_THING_UNKNOWN',
    );
  });

  it('is closed to strangers, and to a name that does not belong to the conversation', async () => {
    expect((await bench.join(stranger)).code).toBe('CONFERENCE_NOT_INSIDE');
    expect((await bench.join(red, confs[0], roomId(stranger, confs[0]))).code).toBe(
      'CONFERENCE_NOT_INSIDE',
    );
    expect((await bench.join(red, confs[0], stranger)).code).toBe('CONFERENCE_NOT_INSIDE');
    expect(bench.rooms.count).toBe(0);
    await bench.join(red);
    expect((await bench.ask(stranger, '')).code).toBe('CONFERENCE_NOT_INSIDE');
    for (const step of ['transport', 'leave']) {
      const answer = await bench.ask(stranger, step, step === 'leave' ? {} : { dir: 'send' });
      expect(answer.json ?? answer.code).not.toHaveProperty('id');
    }
    expect(await bench.given(bench.ask(red, ''))).toMatchObject({ peers: [red] });
  });

  it('wants to be joined first', async () => {
    expect((await bench.ask(red, 'transport', { dir: 'send' })).code).toBe('CONFERENCE_ROOM_NONE');
    await bench.join(blue);
    expect((await bench.ask(red, 'transport', { dir: 'send' })).code).toBe('CONFERENCE_ROOM_NONE');
    expect(await bench.given(bench.ask(red, ''))).toMatchObject({ peers: [blue] });
  });

  it("lets nobody touch what is another device's", async () => {
    await bench.join(red);
    await bench.join(blue);
    const producer = await bench.produce(blue);
    const theirs = await bench.transport(blue, 'recv');
    const body = { transport: theirs, producer, caps: bench.caps };
    expect((await bench.ask(red, 'consume', body)).code).toBe('CONFERENCE_THING_UNKNOWN');
    expect((await bench.ask(red, 'connect', { transport: theirs, dtls })).code).toBe(
      'CONFERENCE_THING_UNKNOWN',
    );
    expect((await bench.ask(red, 'close', { producer })).code).toBe('');
    expect(await bench.given(bench.ask(red, ''))).toMatchObject({
      producers: [{ id: producer, d: blue }],
    });
  });

  it('sends and receives on the transport that is for it only', async () => {
    await bench.join(red);
    await bench.join(blue);
    const producer = await bench.produce(blue);
    const sending = await bench.transport(red, 'send');
    const receiving = await bench.transport(red, 'recv');
    const swapped = { transport: receiving, kind: 'audio', rtp: opus(1) };
    expect((await bench.ask(red, 'produce', swapped)).code).toBe('CONFERENCE_THING_UNKNOWN');
    const wrong = { transport: sending, producer, caps: bench.caps };
    expect((await bench.ask(red, 'consume', wrong)).code).toBe('CONFERENCE_THING_UNKNOWN');
    expect(
      (
        await bench.ask(blue, 'consume', {
          transport: await bench.transport(blue, 'recv'),
          producer,
          caps: bench.caps,
        })
      ).code,
    ).toBe('CONFERENCE_THING_UNKNOWN');
  });

  it('ends with its last device, and the SFU keeps nothing', async () => {
    await bench.join(red);
    await bench.join(blue);
    await bench.produce(blue);
    await bench.ask(blue, 'leave');
    expect(await bench.given(bench.ask(red, ''))).toEqual({ peers: [red], producers: [] });
    await bench.ask(red, 'leave');
    await bench.ask(red, 'leave');
    expect(bench.rooms.count).toBe(0);
    expect(bench.workers.map(({ routers }) => routers.size)).toEqual([0, 0]);
    expect((await bench.ask(red, '')).code).toBe('CONFERENCE_ROOM_NONE');
  });

  it('begins anew for a device that joins again', async () => {
    await bench.join(red);
    const producer = await bench.produce(red);
    await bench.join(blue);
    const again = await bench.given(bench.join(red));
    expect(again).toMatchObject({ peers: [blue, red], producers: [] });
    const receiving = await bench.transport(blue, 'recv');
    expect(
      (await bench.ask(blue, 'consume', { transport: receiving, producer, caps: bench.caps })).code,
    ).toBe('CONFERENCE_THING_UNKNOWN');
  });

  it('keeps one transport a direction', async () => {
    await bench.join(red);
    for (let n = 0; n < 5; n++) {
      await bench.transport(red, 'send');
      await bench.transport(red, 'recv');
    }
    const [router] = bench.routers;
    expect(router?.transports.size).toBe(2);
  });
});

describe('a device', () => {
  it('that was removed from the conversation is out at once, and may not come back', async () => {
    await bench.join(red);
    await bench.join(blue);
    const producer = await bench.produce(blue);
    bench.inside.delete(blue);
    bench.told.length = 0;
    bench.rooms.sweep();
    expect(bench.told).toEqual([{ id, devices: [red, blue] }]);
    expect(await bench.given(bench.ask(red, ''))).toEqual({ peers: [red], producers: [] });
    expect((await bench.ask(blue, 'close', { producer })).code).toBe('CONFERENCE_NOT_INSIDE');
    expect((await bench.join(blue)).code).toBe('CONFERENCE_NOT_INSIDE');
  });

  it('that was removed is out with its next request as well', async () => {
    await bench.join(red);
    await bench.join(blue);
    bench.inside.delete(blue);
    expect((await bench.ask(blue, '')).code).toBe('CONFERENCE_NOT_INSIDE');
    expect(await bench.given(bench.ask(red, ''))).toMatchObject({ peers: [red] });
  });

  it('that is lost is taken out; one that is heard, or asks, stays', async () => {
    for (const device of [red, blue, green]) await bench.join(device);
    await bench.transport(blue, 'send');
    const [router] = bench.routers;
    const [heard] = router?.transports ?? [];
    (heard as FakeTransport).isConnected = true;
    bench.clock.pass(29_000);
    await bench.ask(green, '');
    bench.rooms.sweep();
    expect(await bench.given(bench.ask(blue, ''))).toMatchObject({ peers: [red, blue, green] });
    bench.clock.pass(2_000);
    bench.rooms.sweep();
    expect(await bench.given(bench.ask(blue, ''))).toMatchObject({ peers: [blue, green] });
  });
});
