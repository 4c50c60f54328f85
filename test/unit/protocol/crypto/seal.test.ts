import { expect, it } from 'vitest';
import { equal, utf8 } from '#protocol/codec/bytes.ts';
import { encode } from '#protocol/codec/canonical-json.ts';
import type { Envelope } from '#protocol/codec/commit-form.ts';
import { H } from '#protocol/codec/hash.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { agreementPair } from '#protocol/crypto/nacl.ts';
import {
  messageKey,
  openMessage,
  sealMessage,
  type Message,
  type Place,
} from '#protocol/crypto/message-seal.ts';
import { openProfile, sealProfile } from '#protocol/crypto/profile-seal.ts';
import { bucketFor, isSealedLength, openText, seal, sealText } from '#protocol/crypto/seal.ts';
import type { Engine } from '#protocol/ports.ts';
import { nodeEngine, seededEngine } from '../../../support/protocol-ports.ts';

const cid = 'a'.repeat(51) + 'q';
const d = 'b'.repeat(51) + 'q';
const place: Place = { cid, d, q: 3, pq: toB64u(new Uint8Array(64).fill(5)) };
const epochKey = new Uint8Array(32).fill(9);
const sealing = { epochKey, deviceSecret: new Uint8Array(32).fill(1) };
const hello: Message = { t: 'text/plain', b: { body: 'hello' }, m: 1_700_000_000_000 };

function envelopeFor(pc: string, at: Place = place): Envelope {
  return { v: 1, l: 2, ps: [], th: '', k: 'msg', pc, e: 'a'.repeat(32), ...at };
}

it('a sealed message opens at its place and says the same', () => {
  const { body, pc } = sealMessage(nodeEngine, sealing, place, hello);
  expect(openMessage(epochKey, envelopeFor(pc), body)).toEqual({ ok: true, value: hello });
});

it('every message of one size class has the same length', () => {
  for (const body of ['', 'x', 'ä'.repeat(3), '\u0000']) {
    const sealed = sealMessage(nodeEngine, sealing, place, { ...hello, b: { body } });
    expect(sealed.body.length).toBe(256 + 40);
  }
});

it('a message beyond the largest size is refused before it is sealed', () => {
  const huge = { ...hello, b: { body: 'x'.repeat(41_000) } };
  expect(() => sealMessage(nodeEngine, sealing, place, huge)).toThrow(RangeError);
});

it('a message of a moment that no calendar can show is void', () => {
  for (const [m, ok] of [
    [2 ** 33 * 1000, true],
    [8.64e15 + 1, false],
  ] as const) {
    const { body, pc } = sealMessage(nodeEngine, sealing, place, { ...hello, m });
    expect(openMessage(epochKey, envelopeFor(pc), body).ok).toBe(ok);
  }
});

it.each<[string, Partial<Place>]>([
  ['another conversation', { cid: 'c'.repeat(51) + 'q' }],
  ['another author', { d: 'c'.repeat(51) + 'q' }],
  ['another number', { q: 4 }],
  ['another predecessor', { pq: toB64u(new Uint8Array(64).fill(6)) }],
])('a body transplanted to %s is void', (_, change) => {
  const { body, pc } = sealMessage(nodeEngine, sealing, place, hello);
  expect(openMessage(epochKey, envelopeFor(pc, { ...place, ...change }), body).ok).toBe(false);
});

it('a transplanted plaintext, sealed again for its new place, is void (S24)', () => {
  const there: Place = { ...place, d: 'c'.repeat(51) + 'q' };
  const plain = utf8(
    encode({ b: {}, cid, d, m: 0, q: 3, s: toB64u(new Uint8Array(32)), t: 'x', z: '' }),
  );
  const padded = utf8(
    encode({
      b: {},
      cid,
      d,
      m: 0,
      q: 3,
      s: toB64u(new Uint8Array(32)),
      t: 'x',
      z: '0'.repeat(256 - plain.length),
    }),
  );
  const body = seal(messageKey(epochKey, there), new Uint8Array(24), padded);
  const opened = openMessage(epochKey, envelopeFor(toB64u(H('pt', padded)), there), body);
  expect(opened).toMatchObject({ ok: false, why: 'the plaintext was written for another place' });
});

it('a second reading of one ciphertext fails the commitment (S104)', () => {
  const { body, pc } = sealMessage(nodeEngine, sealing, place, hello);
  const other = sealMessage(nodeEngine, sealing, place, hello);
  expect(openMessage(epochKey, envelopeFor(other.pc), body).ok).toBe(false);
  expect(openMessage(epochKey, envelopeFor(pc), other.body).ok).toBe(false);
});

it('any flipped bit and any cut of a sealed body is void, never an exception', () => {
  const { body, pc } = sealMessage(nodeEngine, sealing, place, hello);
  for (let at = 0; at < body.length; at += 7) {
    const bent = body.slice();
    bent[at] = (bent[at] as number) ^ 1;
    expect(openMessage(epochKey, envelopeFor(pc), bent).ok).toBe(false);
    expect(openMessage(epochKey, envelopeFor(pc), body.slice(0, at)).ok).toBe(false);
  }
});

it('with a cloned generator two texts, numbers or devices never share a nonce (K16)', () => {
  const nonces = new Set<string>();
  const stuck: Engine = { ...nodeEngine, random: (n) => new Uint8Array(n) };
  const seals = [
    sealMessage(stuck, sealing, place, hello),
    sealMessage(stuck, sealing, place, { ...hello, b: { body: 'hellp' } }),
    sealMessage(stuck, sealing, { ...place, q: 4 }, hello),
    sealMessage(stuck, { ...sealing, deviceSecret: new Uint8Array(32) }, place, hello),
  ];
  for (const { body } of seals) nonces.add(toB64u(body.subarray(0, 24)));
  expect(nonces.size).toBe(seals.length);
});

it('a seed repeats a sealed message byte for byte', () => {
  const [a, b] = ['s', 's'].map((seed) => sealMessage(seededEngine(seed), sealing, place, hello));
  expect(equal(a!.body, b!.body)).toBe(true);
});

it('a profile opens with its epoch key only and hides its length', () => {
  const vcard = 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Flood response\r\nEND:VCARD\r\n';
  const blob = sealProfile(nodeEngine, sealing, vcard);
  expect(isSealedLength(blob.length)).toBe(true);
  expect(openProfile(epochKey, blob)).toEqual({ ok: true, value: vcard });
  expect(openProfile(new Uint8Array(32), blob).ok).toBe(false);
});

it('a text of any length below the largest bucket survives sealing', () => {
  const key = agreementPair(new Uint8Array(32).fill(3)).publicKey;
  for (const length of [0, 1, 255, 256, 257, 40_960]) {
    const sealed = sealText(key, new Uint8Array(24), 'x'.repeat(length));
    expect(sealed.length).toBe((bucketFor(length) as number) + 40);
    expect(openText(key, sealed)).toEqual({ ok: true, value: 'x'.repeat(length) });
  }
  expect(() => sealText(key, new Uint8Array(24), 'x'.repeat(40_961))).toThrow(RangeError);
  expect(() => sealText(key, new Uint8Array(24), 'x ')).toThrow(RangeError);
});
