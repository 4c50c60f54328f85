import { expect, it } from 'vitest';
import { toB64u, toHex } from '#protocol/codec/text-form.ts';
import { kidOf, readKid } from '#protocol/media/kid.ts';
import { graceMs, ReceiverKeys } from '#protocol/media/receiver-keys.ts';
import {
  announcementOf,
  ratchet,
  SenderKeys,
  type SenderKey,
} from '#protocol/media/sender-keys.ts';
import type { StreamEntry } from '#protocol/media/signal-form.ts';
import { nodeEngine, seededEngine } from '../../../support/protocol-ports.ts';
import { seeded } from '../../../support/seeded.ts';
import { signallingDevice, someId } from '../../../support/signalling.ts';

const [ann, ben, eve] = [1, 2, 3].map((n) => signallingDevice(n).device) as [
  string,
  string,
  string,
];
const streams: StreamEntry[] = [
  { i: 0, k: 'audio', layer: 0 },
  { i: 1, k: 'video', layer: 0 },
];
const mh = [toB64u(new Uint8Array(64))];
const kid = (key: SenderKey, stream = 0) => kidOf({ ...key, stream });

function told(key: SenderKey, to = [ann, ben, eve]) {
  return announcementOf(key, { conf: someId, streams, mh, to });
}

it('a KID names session, stream and generation, and only such KIDs are read (W2)', () => {
  const place = { session: toB64u(Uint8Array.of(1, 2, 3)), stream: 4, generation: 0x0506 };
  expect(kidOf(place)).toBe(0x0102030405060000n);
  expect(readKid(kidOf(place))).toEqual(place);
  expect(kidOf({ session: '____', stream: 255, generation: 65_535 })).toBe(0xffffffffffff0000n);
  expect(readKid(1n)).toBeUndefined();
  expect(readKid(1n << 64n)).toBeUndefined();
});

it('on a join the next key follows from the last; on a leave from nothing (W4)', () => {
  const keys = new SenderKeys(nodeEngine);
  const before = keys.key;
  const joined = keys.joined();
  expect(joined).toEqual({
    session: before.session,
    generation: 1,
    base: ratchet(before.base),
  });
  const left = keys.left();
  expect(left.generation).toBe(2);
  expect(toHex(left.base)).not.toBe(toHex(ratchet(joined.base)));
});

it('a page that starts again repeats no pair of session and key (S192, W1)', () => {
  const [a, b] = [new SenderKeys(nodeEngine).key, new SenderKeys(nodeEngine).key];
  expect(toHex(a.base)).not.toBe(toHex(b.base));
});

it('when generations run out there is a new session: no KID ever has two keys', () => {
  const random = seeded(4);
  const keys = new SenderKeys(seededEngine('run out'));
  const seen = new Set<bigint>([kid(keys.key)]);
  for (let i = 0; i < 66_000; i++) {
    const key = random() < 0.5 && i > 65_000 ? keys.left() : keys.joined();
    expect(key.generation).toBeLessThan(65_536);
    seen.add(kid(key));
  }
  expect(seen.size).toBe(66_001);
});

it('an announced key is found by device and KID, with what the stream carries', () => {
  const table = new ReceiverKeys(someId);
  const { key } = new SenderKeys(nodeEngine);
  expect(table.announce(ann, told(key), 0)).toEqual({ ok: true });
  const found = table.find(ann, kid(key, 1), 1);
  expect(found).toMatchObject({
    ok: true,
    value: { stream: { k: 'video' }, place: { stream: 1 } },
  });
  expect(found.ok && toHex(found.value.key.base)).toBe(toHex(key.base));
});

it('unknown KIDs, streams and devices are dropped (W3)', () => {
  const table = new ReceiverKeys(someId);
  const keys = new SenderKeys(nodeEngine);
  table.announce(ann, told(keys.key), 0);
  const wrong = [
    table.find(ben, kid(keys.key), 1),
    table.find(ann, kid(keys.key, 2), 1),
    table.find(ann, kid(keys.key) + 1n, 1),
    table.find(ann, kid(keys.joined()), 1),
  ];
  expect(wrong.map((found) => found.ok)).toEqual([false, false, false, false]);
});

it('another device that announces the same session takes nobody’s place', () => {
  const table = new ReceiverKeys(someId);
  const { key } = new SenderKeys(nodeEngine);
  table.announce(ann, told(key), 0);
  table.announce(eve, told({ ...key, base: new Uint8Array(32) }), 0);
  const found = table.find(ann, kid(key), 1);
  expect(found.ok && toHex(found.value.key.base)).toBe(toHex(key.base));
});

it('a second key for one KID, an older generation and a key of another call are refused', () => {
  const table = new ReceiverKeys(someId);
  const keys = new SenderKeys(nodeEngine);
  const old = keys.key;
  const { key } = (keys.joined(), keys.joined(), keys);
  table.announce(ann, told(key), 0);
  expect(table.announce(ann, told(key), 1)).toEqual({ ok: true });
  expect(table.announce(ann, told({ ...key, base: new Uint8Array(32) }), 1).ok).toBe(false);
  expect(table.announce(ann, told(old), 1).ok).toBe(false);
  expect(table.announce(ann, { ...told(key), conf: toB64u(new Uint8Array(16)) }, 1).ok).toBe(false);
  expect(
    table.announce(ann, { ...told(keys.left()), streams: [...streams, ...streams] }, 1).ok,
  ).toBe(false);
});

it('an old generation serves five seconds more, and no longer', () => {
  const table = new ReceiverKeys(someId);
  const keys = new SenderKeys(nodeEngine);
  const old = keys.key;
  table.announce(ann, told(old), 0);
  table.announce(ann, told(keys.joined()), 1000);
  expect(table.find(ann, kid(old), 1000 + graceMs).ok).toBe(true);
  expect(table.find(ann, kid(old), 1001 + graceMs).ok).toBe(false);
  expect(table.find(ann, kid(keys.key), 1e9).ok).toBe(true);
});

it('who was removed is not heard any more, from that moment', () => {
  const table = new ReceiverKeys(someId);
  const { key } = new SenderKeys(nodeEngine);
  table.announce(eve, told(key), 0);
  table.remove(eve, 10);
  expect(table.find(eve, kid(key), 10).ok).toBe(false);
});

it('keys that the removed holds end in five seconds, unless their senders made new ones', () => {
  const table = new ReceiverKeys(someId);
  const [slow, quick] = [new SenderKeys(nodeEngine), new SenderKeys(nodeEngine)];
  table.announce(ann, told(slow.key), 0);
  table.announce(ben, told(quick.key), 0);
  // Ben knows of the removal before us.
  table.announce(ben, told(quick.left(), [ann, ben]), 90);
  table.remove(eve, 100);
  expect(table.find(ann, kid(slow.key), 100 + graceMs).ok).toBe(true);
  expect(table.find(ann, kid(slow.key), 101 + graceMs).ok).toBe(false);
  expect(table.find(ben, kid(quick.key), 1e9).ok).toBe(true);
  table.announce(ann, told(slow.left(), [ann, ben]), 9000);
  expect(table.find(ann, kid(slow.key), 1e9).ok).toBe(true);
});

it('a new key that still goes to the removed serves five seconds', () => {
  const table = new ReceiverKeys(someId);
  const keys = new SenderKeys(nodeEngine);
  table.remove(eve, 0);
  table.announce(ann, told(keys.key), 20_000);
  expect(table.find(ann, kid(keys.key), 20_000 + graceMs).ok).toBe(true);
  expect(table.find(ann, kid(keys.key), 20_001 + graceMs).ok).toBe(false);
});

it('who left and takes part again is heard again', () => {
  const table = new ReceiverKeys(someId);
  const [hers, his] = [new SenderKeys(nodeEngine), new SenderKeys(nodeEngine)];
  table.announce(ann, told(his.key), 0);
  table.remove(eve, 100);
  table.announce(eve, told(hers.key), 200);
  expect(table.find(eve, kid(hers.key), 1e9).ok).toBe(true);
  expect(table.find(ann, kid(his.key), 1e9).ok).toBe(true);
});

it('a flood of announcements keeps the newest and fills no memory', () => {
  const table = new ReceiverKeys(someId);
  const keys = new SenderKeys(nodeEngine);
  const first = keys.key;
  table.announce(ann, told(first), 0);
  for (let i = 0; i < 100; i++) table.announce(ann, told(keys.left()), 0);
  expect(table.find(ann, kid(first), 0).ok).toBe(false);
  expect(table.find(ann, kid(keys.key), 0).ok).toBe(true);
});
