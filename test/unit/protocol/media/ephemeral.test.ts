import { expect, it } from 'vitest';
import { toBase64, toB64u } from '#protocol/codec/text-form.ts';
import { openEphemeral, sealEphemeral } from '#protocol/media/ephemeral.ts';
import type { EphemeralType, SignalBody } from '#protocol/media/signal-form.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { seeded, seededBytes } from '../../../support/seeded.ts';
import { signallingDevice, someCid, someId } from '../../../support/signalling.ts';

const ann = signallingDevice(1);
const eve = signallingDevice(3);
const eid = 'a'.repeat(32);
const epochKey = new Uint8Array(32).fill(4);
const epoch = { eid, epochKey, deviceSecret: new Uint8Array(32).fill(5) };
const room = {
  cid: someCid,
  epochKey: (name: string) => (name === eid ? epochKey : undefined),
};
const at = { cid: someCid, now: 1_800_000_000_000 };

function sealed<T extends EphemeralType>(t: T, b: SignalBody<T>, cid = someCid) {
  return sealEphemeral(nodeEngine, ann.writer, epoch, t, b, { ...at, cid });
}

it.each<[EphemeralType, object]>([
  ['typing', {}],
  ['board', { board: someId, p: [5, 2 ** 20] }],
  ['board', { board: someId, e: ['{"id":"a"}'] }],
  [
    'digest',
    {
      conf: someId,
      session: toB64u(new Uint8Array(3)),
      w: 0,
      st: [[0, 0, 1, 2, toBase64(new Uint8Array(16))]],
    },
  ],
])('a signal of type %s reaches the room', async (t, b) => {
  const opened = await openEphemeral(nodeEngine, room, ann.source, await sealed(t, b as never));
  expect(opened).toMatchObject({ ok: true, value: { t, b, from: ann.device, cid: someCid } });
});

it('a signal sealed for one room is refused in another, even under its key', async () => {
  const other = await sealed('typing', {}, 'b'.repeat(51) + 'q');
  expect(await openEphemeral(nodeEngine, room, ann.source, other)).toMatchObject({
    ok: false,
    why: 'the signal is for another room',
  });
});

it('a signal under an epoch that may not be used is refused', async () => {
  const none = { ...room, epochKey: () => undefined };
  const opened = await openEphemeral(nodeEngine, none, ann.source, await sealed('typing', {}));
  expect(opened).toMatchObject({ ok: false, rule: 'K4' });
});

it('another member cannot speak as Ann', async () => {
  const byEve = await sealEphemeral(nodeEngine, eve.writer, epoch, 'typing', {}, at);
  expect((await openEphemeral(nodeEngine, room, ann.source, byEve)).ok).toBe(false);
});

it('mail is no signal of a room', async () => {
  const body = { call: someId };
  await expect(
    sealEphemeral(nodeEngine, ann.writer, epoch, 'accept' as never, body as never, at),
  ).rejects.toThrow(TypeError);
});

it('hashes that are not whole are refused', async () => {
  const digest = { conf: someId, session: 'AAAA', w: 0 };
  const st = [[0, 0, 1, 2, toBase64(new Uint8Array(15))]] as [
    number,
    number,
    number,
    number,
    string,
  ][];
  await expect(sealed('digest', { ...digest, st })).rejects.toThrow(TypeError);
});

it('any flipped bit and any garbage is refused, never an exception', async () => {
  const good = await sealed('typing', {});
  for (let i = 0; i < good.length; i += 9) {
    const bent = good.slice();
    bent[i] = (bent[i] as number) ^ 1;
    expect((await openEphemeral(nodeEngine, room, ann.source, bent)).ok).toBe(false);
  }
  const random = seeded(11);
  for (const length of [0, 31, 32, 33, 200, 328]) {
    const bytes = seededBytes(random, length);
    expect((await openEphemeral(nodeEngine, room, ann.source, bytes)).ok).toBe(false);
  }
});
