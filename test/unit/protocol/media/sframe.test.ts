import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '#protocol/codec/bytes.ts';
import { fromHex, toHex } from '#protocol/codec/text-form.ts';
import {
  aes128Gcm,
  aes256Gcm,
  frameKey,
  frameNonce,
  labels,
} from '#protocol/media/sframe/frame-key.ts';
import { FrameOpener } from '#protocol/media/sframe/frame-opener.ts';
import { FrameSealer } from '#protocol/media/sframe/frame-sealer.ts';
import { readHeader, writeHeader } from '#protocol/media/sframe/header.ts';
import { ReplayWindow, windowFrames } from '#protocol/media/sframe/replay-window.ts';
import { webCipher } from '../../../../web/e2ee/web-cipher.ts';
import { seeded, seededBytes } from '../../../support/seeded.ts';

const file = new URL('../../../vectors/sframe.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
  header: [kid: string, ctr: string, encoded: string][];
  sframe: (Record<
    | 'kid'
    | 'ctr'
    | 'base_key'
    | 'sframe_key_label'
    | 'sframe_salt_label'
    | 'sframe_key'
    | 'sframe_salt'
    | 'metadata'
    | 'nonce'
    | 'aad'
    | 'pt'
    | 'ct',
    string
  > & { cipher_suite: number })[];
};

const hex = (text: string) => fromHex(text) as Uint8Array;
const number = (text: string) => BigInt(`0x${text}`);
const kid = 0x0102030400050000n;
const base = new Uint8Array(32).fill(1);
const clear = utf8('clear');

describe('RFC 9605, Appendix C', () => {
  it('every header is written and read as published', () => {
    for (const [k, c, encoded] of vectors.header) {
      const header = { kid: number(k), ctr: number(c) };
      expect(toHex(writeHeader(header))).toBe(encoded);
      expect(readHeader(hex(encoded))).toEqual({ ...header, length: encoded.length / 2 });
    }
    expect(vectors.header.length).toBe(289);
  });

  it.each(vectors.sframe)('the frame of suite $cipher_suite is as published', async (v) => {
    const suite = v.cipher_suite === 4 ? aes128Gcm : aes256Gcm;
    const at = { kid: number(v.kid), ctr: number(v.ctr) };
    const label = labels(suite, at.kid);
    expect([toHex(label.key), toHex(label.salt)]).toEqual([
      v.sframe_key_label,
      v.sframe_salt_label,
    ]);
    const raw = await webCipher.derive(suite.hash, hex(v.base_key), label.key, suite.keyBytes);
    expect(toHex(raw)).toBe(v.sframe_key);
    const key = await frameKey(webCipher, suite, at.kid, hex(v.base_key));
    expect(toHex(key.salt)).toBe(v.sframe_salt);
    expect(toHex(frameNonce(key.salt, at.ctr))).toBe(v.nonce);
    const data = concat(writeHeader(at), hex(v.metadata));
    expect(toHex(data)).toBe(v.aad);
    const sealed = await key.key.seal(frameNonce(key.salt, at.ctr), hex(v.pt), data);
    expect(toHex(concat(writeHeader(at), sealed))).toBe(v.ct);
    const opener = new FrameOpener(at.kid, key);
    const opened = await opener.open(hex(v.ct), hex(v.metadata));
    expect(opened).toMatchObject({ ok: true, value: { ctr: Number(at.ctr) } });
    expect(opened.ok && toHex(opened.value.plain)).toBe(v.pt);
  });
});

async function pair(): Promise<{ sealer: FrameSealer; opener: FrameOpener }> {
  const key = await frameKey(webCipher, aes128Gcm, kid, base);
  return { sealer: new FrameSealer(kid, key), opener: new FrameOpener(kid, key) };
}

it('a header that is longer than need be is none', () => {
  for (const text of ['', '8007', '8807', '0807', '900001', '0f00ffffffffffffff', '90ff', 'ff']) {
    expect(readHeader(hex(text))).toBeUndefined();
  }
});

it('frames sealed at once have different counters', async () => {
  const { sealer } = await pair();
  const frames = await Promise.all(Array.from({ length: 20 }, () => sealer.seal(base, clear)));
  expect(frames.map((frame) => frame.ctr)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(new Set(frames.map((frame) => toHex(frame.bytes))).size).toBe(20);
});

it('two streams of one sender share neither key nor salt', async () => {
  const a = await frameKey(webCipher, aes128Gcm, kid, base);
  const b = await frameKey(webCipher, aes128Gcm, kid + (1n << 32n), base);
  expect(toHex(a.salt)).not.toBe(toHex(b.salt));
  const nonce = new Uint8Array(12);
  expect(toHex(await a.key.seal(nonce, base))).not.toBe(toHex(await b.key.seal(nonce, base)));
});

it('an SFU that replays a frame, also twice at once, is refused (S191)', async () => {
  const { sealer, opener } = await pair();
  const { bytes } = await sealer.seal(base, clear);
  const twins = await Promise.all([opener.open(bytes, clear), opener.open(bytes, clear)]);
  expect(twins.filter((twin) => twin.ok)).toHaveLength(1);
  expect((await opener.open(bytes, clear)).ok).toBe(false);
});

it('an SFU that changes clear bytes, header or body is refused', async () => {
  const { sealer, opener } = await pair();
  const { bytes } = await sealer.seal(base, clear);
  expect((await opener.open(bytes, utf8('cleas'))).ok).toBe(false);
  for (let i = 0; i < bytes.length; i++) {
    const bent = bytes.slice();
    bent[i] = (bent[i] as number) ^ 1;
    expect((await opener.open(bent, clear)).ok).toBe(false);
    expect((await opener.open(bytes.slice(0, i), clear)).ok).toBe(false);
  }
  expect((await opener.open(bytes, clear)).ok).toBe(true);
});

it('garbage is refused, never an exception, and moves no window', async () => {
  const { sealer, opener } = await pair();
  const random = seeded(1);
  const first = await sealer.seal(base, clear);
  for (let i = 0; i < 200; i++) {
    expect((await opener.open(seededBytes(random, i), clear)).ok).toBe(false);
  }
  const far = concat(writeHeader({ kid, ctr: 2n ** 60n }), new Uint8Array(40));
  expect((await opener.open(far, clear)).ok).toBe(false);
  expect((await opener.open(first.bytes, clear)).ok).toBe(true);
});

it('the window agrees with a set, in any order', () => {
  const random = seeded(9);
  const window = new ReplayWindow();
  const seen = new Set<number>();
  let newest = -1;
  for (let i = 0; i < 20_000; i++) {
    const jump = random() < 0.01 ? 3000 : 40;
    const ctr = Math.max(0, Math.floor(newest + jump * (random() - 0.6)));
    const expected = ctr > newest - windowFrames && !seen.has(ctr);
    expect(window.take(ctr)).toBe(expected);
    if (expected) seen.add(ctr);
    newest = Math.max(newest, expected ? ctr : -1);
  }
});
