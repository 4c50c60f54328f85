import { beforeAll, describe, expect, it } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import { memberFingerprint } from '#protocol/codec/fingerprint.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { apply, issue } from '#protocol/identity/certificate.ts';
import type { Application, DeviceBody } from '#protocol/identity/certificate-form.ts';
import { freshId } from '#protocol/identity/issue.ts';
import {
  checkOffer,
  codeOfOffer,
  isLinkOffer,
  isNewDeviceSays,
  linkId,
  sayAsNew,
  verifyNewSays,
  type LinkOffer,
} from '#protocol/identity/link.ts';
import {
  answerLink,
  isLinkAnswer,
  linkCommit,
  linkDigits,
  verifyLinkAnswer,
  type LinkAnswer,
} from '#protocol/identity/link-answer.ts';
import {
  checkApplication,
  handOver,
  isLinkHandover,
  isOfAnswer,
  largestHandover,
  openHandover,
} from '#protocol/identity/link-handover.ts';
import { readCode, writeCode } from '#protocol/mission/code.ts';
import { leadNamed, seedOf, type Lead } from '../../../support/people.ts';
import { nodeEngine, seededEngine } from '../../../support/protocol-ports.ts';

const engine = seededEngine('links');
const device = seedSigner(seedOf('phone d'));
const agreement = scalarKey(seedOf('phone x'));
const nonce = toB64u(seedOf('nonce').slice(0, 16));
const offer: LinkOffer = {
  b: toB64u(seedOf('box')),
  n: toB64u(seedOf('once').slice(0, 16)),
  pk: toB64u(device.publicKey),
  x: toB64u(agreement.publicKey),
};
const id = linkId(codeOfOffer(offer));
let red: Lead;
let blue: Lead;
let cid: string;
let answer: LinkAnswer;
let application: Application<DeviceBody>;

const applied = (member: Uint8Array, change: Partial<DeviceBody> = {}) =>
  apply(
    {
      ...({ v: 1, t: 'device', id: freshId(engine), pk: offer.pk, x: offer.x } as const),
      m: memberFingerprint(member),
      ...change,
    },
    device,
  );
const answerOf = (of: Lead, r: Uint8Array, link = id) =>
  answerLink(link, cid, of.chain, of.device, r);

beforeAll(async () => {
  [red, blue] = [await leadNamed('red'), await leadNamed('blue')];
  cid = red.pfp;
  answer = await answerOf(red, seedOf('r').slice(0, 16));
  application = await applied(red.member.publicKey);
});

describe('the code of a new device', () => {
  it('names its keys, its box and itself, and carries no secret', () => {
    expect(isLinkOffer(offer)).toBe(true);
    const code = { kind: 'device' as const, ...codeOfOffer(offer) };
    const read = readCode(writeCode(code));
    expect(read).toEqual({ ok: true, value: code });
    expect(checkOffer(offer, id)).toEqual({ ok: true });
  });

  it('is of no other keys, no other box and no other time: a box cannot put its own in the place', () => {
    const other = toB64u(scalarKey(seedOf('thief x')).publicKey);
    const swapped: Partial<LinkOffer>[] = [
      { x: other },
      { pk: toB64u(seedSigner(seedOf('thief')).publicKey) },
      { b: toB64u(seedOf('other box')) },
      { n: toB64u(new Uint8Array(16)) },
    ];
    for (const change of swapped) {
      expect(checkOffer({ ...offer, ...change }, id)).toMatchObject({ ok: false, rule: 'J9' });
    }
  });

  it('is refused with keys that everybody could use', () => {
    const weak = { ...offer, x: toB64u(new Uint8Array(32)) };
    expect(checkOffer(weak, linkId(codeOfOffer(weak)))).toMatchObject({ rule: 'K10' });
    const small = { ...offer, pk: toB64u(Uint8Array.of(1, ...new Uint8Array(31))) };
    expect(checkOffer(small, linkId(codeOfOffer(small)))).toMatchObject({ rule: 'R-KEY' });
  });
});

describe('what the new device says', () => {
  it('counts when it signed it in this link', async () => {
    const said = await sayAsNew(id, device, { k: 'nonce', n: nonce });
    expect(isNewDeviceSays(said)).toBe(true);
    expect(await verifyNewSays(nodeEngine, offer, said)).toEqual({ ok: true });
  });

  it('does not count from somebody with a photograph of the code, changed, or from another link', async () => {
    const thief = await sayAsNew(id, seedSigner(seedOf('thief')), { k: 'nonce', n: nonce });
    const replayed = await sayAsNew('x'.repeat(32), device, { k: 'nonce', n: nonce });
    const said = await sayAsNew(id, device, { k: 'end', why: 'cancelled' });
    const changed = { ...said, say: { k: 'end', why: 'differs' } as const };
    for (const one of [thief, replayed, changed]) {
      expect(await verifyNewSays(nodeEngine, offer, one)).toMatchObject({ ok: false, rule: 'J9' });
    }
  });
});

describe('the answer of the old device', () => {
  it('is believed when it is the one that was committed to', async () => {
    expect(isLinkAnswer(answer)).toBe(true);
    const commit = linkCommit(id, answer);
    expect(await verifyLinkAnswer(nodeEngine, id, commit, answer)).toEqual({ ok: true });
  });

  it('cannot be changed once the bytes of the new device are known', async () => {
    const commit = linkCommit(id, answer);
    const later = await answerOf(red, seedOf('better').slice(0, 16));
    expect(await verifyLinkAnswer(nodeEngine, id, commit, later)).toMatchObject({ rule: 'J9' });
    const foreign = await answerOf(blue, seedOf('r').slice(0, 16));
    expect(await verifyLinkAnswer(nodeEngine, id, commit, foreign)).toMatchObject({ rule: 'J9' });
  });

  it('is refused from another link, with another’s certificates, or with bytes of the box', async () => {
    const replayed = await answerOf(red, seedOf('r').slice(0, 16), 'x'.repeat(32));
    const borrowed = { ...answer, by: { ...answer.by, p: blue.chain.party } };
    const stolen = { ...answer, by: { d: blue.chain.device, m: answer.by.m, p: answer.by.p } };
    const drawn = { ...answer, r: nonce };
    const moved = { ...answer, cid: blue.pfp };
    for (const one of [replayed, borrowed, stolen, drawn, moved]) {
      const commit = linkCommit(id, one);
      expect((await verifyLinkAnswer(nodeEngine, id, commit, one)).ok).toBe(false);
    }
  });

  it('gives six digits that depend on keys, mission, person and the bytes of both', async () => {
    const digits = linkDigits(id, answer, nonce);
    expect(digits).toMatch(/^\d{6}$/);
    const others = [
      linkDigits(linkId({ ...codeOfOffer(offer), keys: seedOf('thief') }), answer, nonce),
      linkDigits(id, await answerOf(blue, seedOf('r').slice(0, 16)), nonce),
      linkDigits(id, { ...answer, cid: blue.pfp }, nonce),
      linkDigits(id, await answerOf(red, seedOf('other').slice(0, 16)), nonce),
      linkDigits(id, answer, toB64u(new Uint8Array(16))),
    ];
    expect(new Set([digits, ...others]).size).toBe(6);
  });
});

describe('the application', () => {
  it('is for exactly the keys of the code and for the person who scanned it', async () => {
    const member = red.member.publicKey;
    const check = (one: Application<DeviceBody>) =>
      checkApplication(nodeEngine, offer, member, one);
    expect(await check(application)).toEqual({ ok: true });
    const x = toB64u(scalarKey(seedOf('thief x')).publicKey);
    expect(await check(await applied(member, { x }))).toMatchObject({ rule: 'J9' });
    expect(await check(await applied(blue.member.publicKey))).toMatchObject({ rule: 'J9' });
    expect(await check({ ...application, w: toB64u(new Uint8Array(64)) })).toMatchObject({
      rule: 'R16',
    });
  });
});

describe('the handover', () => {
  const open = (handed: Awaited<ReturnType<typeof handOver>>, link = id, key = agreement) =>
    openHandover(nodeEngine, link, { offer, answer, agreement: key }, handed);

  it('opens on the new device alone', async () => {
    const d = await issue(application, red.member);
    const handed = await handOver(engine, id, red.device, d, '{"keys":"all"}');
    expect(isLinkHandover(handed)).toBe(true);
    expect(await open(handed)).toEqual({ ok: true, value: '{"keys":"all"}' });
    expect(await open(handed, id, scalarKey(seedOf('thief x')))).toMatchObject({ rule: 'K1' });
  });

  it('is refused from another device, in another link, with other bytes or another certificate', async () => {
    const d = await issue(application, red.member);
    const handed = await handOver(engine, id, red.device, d, '{}');
    const thief = await handOver(engine, id, blue.device, d, '{}');
    const uncertified = await handOver(
      engine,
      id,
      red.device,
      await issue(application, blue.member),
      '{}',
    );
    const other = await handOver(engine, id, red.device, red.chain.device, '{}');
    const box = thief.box;
    for (const one of [thief, uncertified, other, { ...handed, box }]) {
      expect((await open(one)).ok).toBe(false);
    }
    expect(await open(handed, 'x'.repeat(32))).toMatchObject({ rule: 'J9' });
  });

  it('is never more than the box holds in its memory', async () => {
    const d = await issue(application, red.member);
    const text = 'k'.repeat(largestHandover + 1);
    await expect(handOver(engine, id, red.device, d, text)).rejects.toThrow(RangeError);
    const whole = await handOver(engine, id, red.device, d, text.slice(1));
    expect(isLinkHandover(whole)).toBe(true);
  });

  it('must hold the keys of the person whose digits were compared', () => {
    const [member, inbox] = [red.member.publicKey, red.inbox.publicKey];
    const keys = { cid, pfp: red.pfp, member, inbox };
    expect(isOfAnswer(answer, keys)).toEqual({ ok: true });
    for (const change of [
      { cid: blue.pfp },
      { pfp: blue.pfp },
      { member: blue.member.publicKey },
      { inbox: blue.inbox.publicKey },
    ]) {
      expect(isOfAnswer(answer, { ...keys, ...change }).ok).toBe(false);
    }
  });
});
