import { expect, it } from 'vitest';
import { utf8 } from '#protocol/codec/bytes.ts';
import { decode, encode, type Json } from '#protocol/codec/canonical-json.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { boxKey, multiply } from '#protocol/crypto/nacl.ts';
import { freshPair } from '#protocol/crypto/agreement.ts';
import { buckets, sealText } from '#protocol/crypto/seal.ts';
import { concat } from '#protocol/codec/bytes.ts';
import { openMail, sealMail } from '#protocol/media/mail.ts';
import { maxSdp, type MailType, type SignalBody } from '#protocol/media/signal-form.ts';
import type { Namespace } from '#protocol/crypto/sign.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { seeded, seededBytes } from '../../../support/seeded.ts';
import { signallingDevice, someCid, someId } from '../../../support/signalling.ts';

const ann = signallingDevice(1);
const ben = signallingDevice(2);
const eve = signallingDevice(3);
const at = { cid: someCid, now: 1_800_000_000_000 };
const toBen = { device: ben.device, x: ben.agreement.publicKey };

function mail<T extends MailType>(t: T, b: SignalBody<T>): Promise<Uint8Array> {
  return sealMail(nodeEngine, ann.writer, toBen, t, b, at);
}

/** Mail to Ben that says whatever an attacker likes, signed by Ann's key. */
async function forged(s: { [key: string]: Json }, namespace: Namespace = 'swarm-signal-v1') {
  const w = await ann.signer.sign(namespace, utf8(encode(s)));
  return boxed(encode({ s, w: toB64u(w) }));
}

function boxed(plain: string): Uint8Array {
  const pair = freshPair(nodeEngine);
  const key = boxKey(multiply(pair.secret, toBen.x));
  return concat(pair.publicKey, sealText(key, nodeEngine.random(24), plain));
}

const open = (sealed: Uint8Array, source = ann.source) => openMail(nodeEngine, ben, source, sealed);

const honest = {
  b: { call: someId },
  boot: toB64u(new Uint8Array(16)),
  cid: someCid,
  from: ann.device,
  m: 5,
  n: 0,
  t: 'accept',
  to: ben.device,
};

it('mail opens for the device it is for and says who, when and what', async () => {
  const opened = await open(await mail('call', { call: someId, k: 'video' }));
  expect(opened).toMatchObject({
    ok: true,
    value: { t: 'call', b: { k: 'video' }, from: ann.device, to: ben.device, m: at.now },
  });
});

it('each signal of a writer has the next number, and its time never falls', async () => {
  const first = await open(await mail('accept', { call: someId }));
  const sealed = await sealMail(
    nodeEngine,
    ann.writer,
    toBen,
    'busy',
    { call: someId },
    {
      ...at,
      now: at.now - 60_000,
    },
  );
  const second = await open(sealed);
  if (!first.ok || !second.ok) throw new Error('the mail did not open');
  expect(second.value.n).toBe(first.value.n + 1);
  expect(second.value.m).toBe(first.value.m);
});

it('all mail has one of nine sizes', async () => {
  const sealed = await mail('offer', { call: someId, sdp: 'v=0\r\n'.repeat(1000) });
  expect(buckets.map((bucket) => bucket + 72)).toContain(sealed.length);
});

it('a session description of the largest size passes, a longer one is not written', async () => {
  const sdp = 'v=0\r\n'.padEnd(maxSdp, 'a');
  expect(await open(await mail('offer', { call: someId, sdp }))).toMatchObject({ ok: true });
  await expect(mail('offer', { call: someId, sdp: `${sdp}a` })).rejects.toThrow(TypeError);
});

it('a longer session description of a peer is refused', async () => {
  const b = { call: someId, sdp: 'a'.repeat(maxSdp + 1) };
  expect(await open(await forged({ ...honest, t: 'offer', b }))).toMatchObject({ rule: 'R5' });
});

it('mail for another device does not open', async () => {
  const opened = await openMail(
    nodeEngine,
    eve,
    ann.source,
    await mail('accept', { call: someId }),
  );
  expect(opened).toMatchObject({ ok: false, rule: 'K1' });
});

it('mail that its recipient boxes again for a third is refused there', async () => {
  const plain = await ann.writer.write('accept', { call: someId }, { ...at, to: eve.device });
  expect(await open(boxed(plain))).toMatchObject({ ok: false, why: /another device/ });
});

it('mail on the topic of another sender is refused', async () => {
  expect(await open(await mail('accept', { call: someId }), eve.source)).toMatchObject({
    ok: false,
    rule: 'W1',
  });
});

it('mail that names Ann and is signed by another is refused', async () => {
  const s = honest;
  const w = await eve.signer.sign('swarm-signal-v1', utf8(encode(s)));
  expect(await open(boxed(encode({ s, w: toB64u(w) })))).toMatchObject({ rule: 'R4' });
});

it.each<Namespace>(['swarm-frame-v1', 'swarm-auth-v1', 'git'])(
  'a signature for %s does not serve as mail',
  async (namespace) => {
    expect(await open(await forged(honest, namespace))).toMatchObject({ rule: 'R4' });
  },
);

it.each<[string, { [key: string]: Json }]>([
  ['an unknown type', { t: 'shutdown' }],
  ['a type of the room', { t: 'typing', b: {} }],
  ['a type that every object has', { t: 'constructor' }],
  ['an extra field in the body', { b: { call: someId, x: 1 } }],
  ['an extra field', { x: 1 }],
  ['a body of another type', { t: 'ice' }],
  ['a long list of candidates', { t: 'ice', b: { call: someId, c: Array(33).fill('a') } }],
  ['a short call id', { b: { call: 'AAAA' } }],
  ['another recipient', { to: eve.device }],
])('mail with %s is refused', async (_, change) => {
  expect(await open(await forged(honest))).toMatchObject({ ok: true });
  expect((await open(await forged({ ...honest, ...change }))).ok).toBe(false);
});

it('any flipped bit and any cut is refused', async () => {
  const sealed = await mail('accept', { call: someId });
  for (let i = 0; i < sealed.length; i += 11) {
    const bent = sealed.slice();
    bent[i] = (bent[i] as number) ^ 4;
    expect((await open(bent)).ok).toBe(false);
    expect((await open(sealed.slice(0, i))).ok).toBe(false);
  }
});

it('garbage of every length is refused, never an exception', async () => {
  const random = seeded(7);
  for (const length of [0, 1, 31, 32, 33, 72, 328, 329, 41_032, 100_000]) {
    expect((await open(seededBytes(random, length))).ok).toBe(false);
    expect((await open(new Uint8Array(length))).ok).toBe(false);
  }
});

it('sealed text of spaces with one letter behind takes no time to refuse', async () => {
  const start = performance.now();
  expect((await open(boxed(`${' '.repeat(40_950)}x`))).ok).toBe(false);
  expect(performance.now() - start).toBeLessThan(500);
});

it('what was signed reads back as canonical text', async () => {
  const plain = await ann.writer.write('typing', {}, at);
  expect(decode(plain, 1024).ok).toBe(true);
});
