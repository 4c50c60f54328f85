import { beforeAll, expect, it } from 'vitest';
import { decode, encode, type Json } from '#protocol/codec/canonical-json.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import {
  apply,
  certificateId,
  issue,
  readCertificate,
  subjectKey,
  verifyCertificate,
} from '#protocol/identity/certificate.ts';
import type { Certificate, MemberBody } from '#protocol/identity/certificate-form.ts';
import { verifyChain } from '#protocol/identity/chain.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { leadNamed, seedOf, type Lead } from '../../../support/people.ts';

let red: Lead;
let blue: Lead;
beforeAll(async () => {
  [red, blue] = await Promise.all([leadNamed('red'), leadNamed('blue')]);
});

it('a chain from party over member to device verifies', async () => {
  expect(await verifyChain(nodeEngine, red.chain)).toEqual({ ok: true });
});

it('a chain mixed from two parties is refused at every seam', async () => {
  for (const level of ['party', 'member', 'device'] as const) {
    const mixed = { ...red.chain, [level]: blue.chain[level] };
    expect((await verifyChain(nodeEngine, mixed)).ok).toBe(false);
  }
});

it('a certificate survives its bytes, and its reader takes exactly its type', () => {
  for (const [type, certificate] of Object.entries(red.chain)) {
    const decoded = decode(encode(certificate as unknown as Json), 4096);
    if (!decoded.ok) throw new Error(decoded.why);
    for (const expected of ['party', 'member', 'device', 'ticket'] as const) {
      expect(readCertificate(decoded.value, expected).ok).toBe(expected === type);
    }
  }
});

it('an added, missing or bent field is refused', () => {
  const { c, s, w } = red.chain.member;
  const { x: _, ...withoutX } = c;
  const bent: unknown[] = [
    { c: { ...c, note: 'hi' }, s, w },
    { c: withoutX, s, w },
    { c, s },
    { c, s, w, z: 1 },
    { c: { ...c, v: 2 }, s, w },
    { c: { ...c, id: 'short' }, s, w },
    { c: { ...c, k: 1 }, s, w },
    { c: { ...c, rooms: [] }, s, w },
    { c: { ...c, k: 0, rooms: [red.pfp] }, s, w },
    { c: { ...c, p: red.pfp.toUpperCase() }, s, w },
    { c, s: `${s}A`, w },
    null,
    [],
    'certificate',
  ];
  for (const value of bent) expect(readCertificate(value, 'member').ok).toBe(false);
});

it('a flipped bit anywhere in the signatures or signed fields is refused (S73)', async () => {
  const good = red.chain.device;
  const key = subjectKey(red.chain.member.c);
  expect((await verifyCertificate(nodeEngine, good, key)).ok).toBe(true);
  const other = blue.chain.device;
  const bent: Certificate[] = [
    { ...good, s: other.s },
    { ...good, w: other.w },
    { ...good, c: { ...good.c, id: other.c.id } },
    { ...good, c: { ...good.c, x: other.c.x } },
  ];
  for (const certificate of bent) {
    expect((await verifyCertificate(nodeEngine, certificate, key)).ok).toBe(false);
  }
});

it('a weak X25519 key is refused although both signatures are good (K10)', async () => {
  const body: MemberBody = { ...red.chain.member.c, x: toB64u(new Uint8Array(32)) };
  const weak = await issue(await apply(body, red.member), red.party);
  const verdict = await verifyCertificate(nodeEngine, weak, red.party.publicKey);
  expect(verdict).toMatchObject({ ok: false, rule: 'K10' });
});

it('a signing key of small order is refused although its signature fits every message (R-KEY, S18)', async () => {
  const pk = `AQ${'A'.repeat(41)}`;
  const body: MemberBody = { ...red.chain.member.c, pk };
  const always = toB64u(Uint8Array.from({ length: 64 }, (_, i) => (i === 0 ? 1 : 0)));
  const { s } = await issue({ c: body, w: always }, red.party);
  const verdict = await verifyCertificate(
    nodeEngine,
    { c: body, s, w: always },
    red.party.publicKey,
  );
  expect(verdict.ok).toBe(false);
});

it('a second signature by the issuer is no second certificate (B3)', () => {
  const { c, w } = red.chain.member;
  expect(certificateId({ c })).toBe(certificateId(red.chain.member));
  expect(certificateId({ c: { ...c, id: toB64u(new Uint8Array(16)) } })).not.toBe(
    certificateId(red.chain.member),
  );
  expect(w).toBe(red.chain.member.w);
});

it('a person who signs with the party key itself is refused', async () => {
  const body: MemberBody = { ...red.chain.member.c, pk: toB64u(red.party.publicKey) };
  const member = await issue(await apply(body, red.party), red.party);
  const device = red.chain.device;
  expect((await verifyChain(nodeEngine, { ...red.chain, member, device })).ok).toBe(false);
});

it('a stranger cannot issue for a party (S3)', async () => {
  const stranger = seedSigner(seedOf('stranger'));
  const forged = await issue(await apply(red.chain.member.c, red.member), stranger);
  for (const key of [red.party.publicKey, stranger.publicKey]) {
    expect((await verifyCertificate(nodeEngine, forged, key)).ok).toBe(false);
  }
});
