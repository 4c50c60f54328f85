import { describe, expect, it } from 'vitest';
import { EndDoor } from '#client/closing/end-door.ts';
import { PaperDoors } from '../../../support/client/end-device.ts';

const { signal } = new AbortController();
const h = 'ab'.repeat(64);
const [r, s] = ['A'.repeat(86), 'A'.repeat(86)];

function saying(json: unknown): EndDoor {
  const doors = new PaperDoors();
  doors.say('/v1/end/state', json);
  return new EndDoor(doors, doors);
}

describe('what the box says of the end', () => {
  it('is read where it has the right form', async () => {
    const record = { h, r, s, size: 4096 };
    const told = { step: 'ready', record, waited: 12, waits: ['x'], build: { done: 1, total: 2 } };
    expect(await saying(told).news(signal)).toEqual({
      ...{ step: 'ready', offer: record, waited: 12, waits: ['x'], build: { done: 1, total: 2 } },
    });
  });

  it.each([{}, [], 'ready', { step: 'done' }, { step: 1 }])('is refused as %j', async (told) => {
    await expect(saying(told).news(signal)).rejects.toMatchObject({ code: 'CLIENT_END_MALFORMED' });
  });

  it.each([
    { h: h.slice(2), r, s, size: 1 },
    { h, r: 'A', s, size: 1 },
    { h, r, s: '', size: 1 },
    { h, r, s, size: 0 },
    { h, r, s, size: -1 },
    { h, r, s, size: 1.5 },
    { h, r, s, size: 2 ** 41 },
    { h, r, s },
  ])('offers no record in %j', async (record) => {
    const news = await saying({ step: 'ready', record, waited: 'long', waits: [1] }).news(signal);
    expect(news).toEqual({ step: 'ready', waited: 0, waits: [] });
  });

  it('names no late commits when it lists none that can be read', async () => {
    const doors = new PaperDoors();
    doors.say('/v1/end/receipt', { commits: [1, 'not base64!', null] });
    expect(await new EndDoor(doors, doors).sinceSealing(signal)).toEqual(new Set());
  });

  it('has no certificate behind a closed door', async () => {
    const doors = new PaperDoors();
    expect(await new EndDoor(doors, doors).certificate(signal)).toBeUndefined();
  });
});
