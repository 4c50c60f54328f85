import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode, encode, type Json } from '#protocol/codec/canonical-json.ts';
import { parseCommit } from '#protocol/codec/commit.ts';
import { fromB64u, fromBase64, fromHex } from '#protocol/codec/text-form.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import {
  openBackLink,
  openBox,
  type BackLink,
  type EpochEntry,
} from '#protocol/crypto/epoch-box.ts';
import { openMessage, type Place } from '#protocol/crypto/message-seal.ts';
import { openProfile } from '#protocol/crypto/profile-seal.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { foldFounding } from '#protocol/mission/ceremony.ts';
import { readCode } from '#protocol/mission/code.ts';
import { isDraft } from '#protocol/mission/founding.ts';
import { safetyCode } from '#protocol/mission/safety-code.ts';
import { pushLimits } from '#protocol/pack/limits.ts';
import { scanPack } from '#protocol/pack/scan.ts';
import { nodeEngine, nodeZlib } from '../../support/protocol-ports.ts';
import { vectors, vectorText } from '../../vectors/make.ts';

const text = (name: string) =>
  readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8');
const read = <T>(name: string) => JSON.parse(text(name)) as T;

it.each(Object.keys(vectors))(
  'the code makes the stored vectors of %s, byte for byte',
  async (name) => {
    expect(await vectorText(name)).toBe(text(name));
  },
);

describe('canonical JSON', () => {
  const { accept, reject, rejectBytes } = read<{
    accept: string[];
    reject: { text: string; why: string }[];
    rejectBytes: { hex: string; why: string }[];
  }>('canonical-json');

  it.each(accept)('takes %j and writes it again', (written) => {
    const decoded = decode(written, 4096);
    expect(decoded.ok && encode(decoded.value)).toBe(written);
  });

  it.each(reject)('refuses $why', (row) => {
    expect(decode(row.text, 8192)).toMatchObject({ ok: false, rule: 'R5' });
  });

  it.each(rejectBytes)('refuses $why', ({ hex }) => {
    expect(decode(fromHex(hex)!, 4096)).toMatchObject({ ok: false, rule: 'R5' });
  });
});

it('commits: the canonical one is taken, every other writing is refused by its rule', async () => {
  const { variants } = read<{ variants: { name: string; raw: string; refusedBy?: string }[] }>(
    'commits',
  );
  for (const { name, raw, refusedBy } of variants) {
    const parsed = parseCommit(fromBase64(raw)!);
    if (!parsed.ok) {
      expect([name, parsed.rule]).toEqual([name, refusedBy]);
      continue;
    }
    const { signature, payload } = parsed.value;
    const good = await verifyBlob(nodeEngine, 'git', signature.key, payload, signature.bytes);
    expect([name, good ? undefined : 'R4']).toEqual([name, refusedBy]);
  }
});

it('founding: the posts alone lead to F and the safety code', async () => {
  const stored = read<{
    draft: unknown;
    fpk: string;
    posts: unknown[];
    f: string;
    safetyCode: unknown;
  }>('founding');
  if (!isDraft(stored.draft)) throw new Error('not a draft');
  const state = await foldFounding(nodeEngine, stored.draft, fromB64u(stored.fpk)!, stored.posts);
  expect(state.f).toEqual(fromB64u(stored.f));
  expect(safetyCode(state.f!)).toEqual(stored.safetyCode);
  expect(state.found.size).toBe(2);
});

it('seal: every stored body opens to the stored message', () => {
  const { epochKey, message, messages, profile } = read<{
    epochKey: string;
    message: Json;
    messages: { place: Place; body: string; pc: string }[];
    profile: { vcard: string; blob: string };
  }>('seal');
  const key = fromB64u(epochKey)!;
  for (const { place, body, pc } of messages) {
    const envelope = { v: 1, l: 2, ps: [], th: '', k: 'msg', pc, ...place } as const;
    expect(openMessage(key, { ...envelope, ps: [] }, fromBase64(body)!)).toEqual({
      ok: true,
      value: message,
    });
  }
  expect(openProfile(key, fromBase64(profile.blob)!)).toEqual({ ok: true, value: profile.vcard });
});

it('epochs: each device opens its own box, and the link back opens the earlier key', async () => {
  const stored = read<{
    epochKey: string;
    ek: string;
    devices: { d: string; scalar: string }[];
    boxes: EpochEntry[];
    earlier: { key: string };
    back: [BackLink];
  }>('epochs');
  const key = fromB64u(stored.epochKey)!;
  for (const { d, scalar } of stored.devices) {
    const [, , nonce, box] = stored.boxes.find(([device]) => device === d)!;
    expect(await openBox(scalarKey(fromB64u(scalar)!), stored.ek, [nonce, box])).toEqual(key);
  }
  expect(openBackLink(key, stored.back[0])).toEqual(fromB64u(stored.earlier.key));
});

it('codes: code and link say the same', () => {
  for (const { kind, code, link } of read<{
    codes: { kind: string; code: string; link: string }[];
  }>('codes').codes) {
    expect(readCode(code)).toMatchObject({ ok: true, value: { kind } });
    expect(readCode(link)).toEqual(readCode(code));
  }
});

it('packs: the good one holds its objects, every bad one is refused', () => {
  const { good, bad } = read<{
    good: { pack: string; objects: object[] };
    bad: { name: string; pack: string }[];
  }>('packs');
  const scanned = scanPack(fromBase64(good.pack)!, nodeZlib, pushLimits);
  expect(scanned.ok && scanned.value.map(({ type, oid }) => ({ type, oid }))).toEqual(good.objects);
  for (const { name, pack } of bad) {
    expect([name, scanPack(fromBase64(pack)!, nodeZlib, pushLimits).ok]).toEqual([name, false]);
  }
});
