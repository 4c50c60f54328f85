import { beforeAll, expect, it } from 'vitest';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { issue } from '#protocol/identity/certificate.ts';
import type { Certificate, TicketBody } from '#protocol/identity/certificate-form.ts';
import {
  claimDigits,
  claimId,
  openClaimName,
  readClaim,
  signClaim,
  verifyClaim,
  type Claim,
  type SignedClaim,
} from '#protocol/identity/claim.ts';
import { applyAsMember, issueDevice } from '#protocol/identity/issue.ts';
import {
  issueTicket,
  ticketKeys,
  verifyDelegated,
  type TicketTerms,
} from '#protocol/identity/ticket.ts';
import { nodeEngine, seededEngine } from '../../../support/protocol-ports.ts';
import { leadNamed, seedOf, type Lead } from '../../../support/people.ts';

const secret = seedOf('ticket secret');
const box = toB64u(seedOf('box'));
const member = seedSigner(seedOf('anna member'));
const device = seedSigner(seedOf('anna device'));
const engine = seededEngine('claims');
const claimant = { ticket: ticketKeys(secret), member, device, name: 'Anna Красная' };

let red: Lead;
let terms: TicketTerms;
let ticket: Certificate<TicketBody>;
let signed: SignedClaim;
beforeAll(async () => {
  red = await leadNamed('red');
  terms = { cid: red.pfp, party: red.pfp, kind: 'person', uses: 1, rooms: [], delegating: false };
  ticket = await issueTicket(engine, red.member, secret, terms);
  signed = await signClaim(engine, await claimFor(ticket), claimant);
});

async function claimFor(of: Certificate<TicketBody>, guestOf?: string[]): Promise<Claim> {
  const inbox = scalarKey(seedOf('anna inbox')).publicKey;
  const x = scalarKey(seedOf('anna x')).publicKey;
  return {
    b: box,
    c: of.c.cid,
    d: await issueDevice(engine, member, device, x),
    m: await applyAsMember(engine, member, { party: red.pfp, inbox, ...(guestOf && { guestOf }) }),
    r: toB64u(engine.random(32)),
    t: of.c.serial,
  };
}

it('a claim survives its bytes, verifies, and tells the lead the name', async () => {
  const read = readClaim(encode(signed as unknown as Json));
  if (!read.ok) throw new Error(read.why);
  expect(await verifyClaim(nodeEngine, read.value, ticket.c, box)).toEqual({ ok: true });
  const name = openClaimName(ticketKeys(secret).sealingKey, read.value);
  expect(name).toEqual({ ok: true, value: 'Anna Красная' });
});

it('a claim is useless on another box, in another mission and for another ticket (J3)', async () => {
  const bodies: [TicketBody, string][] = [
    [ticket.c, toB64u(seedOf('second box'))],
    [{ ...ticket.c, cid: red.mfp }, box],
    [{ ...ticket.c, serial: toB64u(new Uint8Array(16)) }, box],
    [{ ...ticket.c, p: red.mfp }, box],
  ];
  for (const [body, hash] of bodies) {
    expect((await verifyClaim(nodeEngine, signed, body, hash)).ok).toBe(false);
  }
});

it('a copied claim cannot be turned to other keys', async () => {
  const thief = seedSigner(seedOf('thief'));
  const own = await issueDevice(
    engine,
    thief,
    seedSigner(seedOf('thief device')),
    red.inbox.publicKey,
  );
  const changes: SignedClaim[] = [
    { ...signed, claim: { ...signed.claim, d: own } },
    { ...signed, si: signed.sm },
    { ...signed, sm: signed.sd },
    { ...signed, sd: signed.si },
    { ...signed, claim: { ...signed.claim, r: toB64u(new Uint8Array(32)) } },
  ];
  for (const change of changes) {
    expect((await verifyClaim(nodeEngine, change, ticket.c, box)).ok).toBe(false);
  }
});

it("the name is sealed: the box sees one length and cannot open it with the ticket's public part", async () => {
  const long = await signClaim(engine, signed.claim, { ...claimant, name: 'A'.repeat(100) });
  expect(long.n.length).toBe(signed.n.length);
  expect(openClaimName(new Uint8Array(32), signed).ok).toBe(false);
  expect(JSON.stringify(signed)).not.toContain('Anna');
});

it('an empty or endless name is refused before anything is signed', async () => {
  for (const name of ['', 'A'.repeat(101)]) {
    await expect(signClaim(engine, signed.claim, { ...claimant, name })).rejects.toThrow(
      RangeError,
    );
  }
});

it("the six digits follow from the claim and the lead's bytes, which come later", () => {
  const digits = claimDigits(signed.claim, new Uint8Array(16));
  expect(digits).toMatch(/^\d{6}$/);
  expect(claimDigits(signed.claim, new Uint8Array(16).fill(1))).not.toBe(digits);
  expect(claimId(signed.claim)).toMatch(/^[a-z2-7]{32}$/);
});

it('malformed claims get a refusal, never an exception', () => {
  const value = signed as unknown as Record<string, Json>;
  const bent: string[] = [
    '',
    '{}',
    'null',
    '[[[[[[[[[[]]]]]]]]]]',
    'x'.repeat(9000),
    encode({ ...value, z: 1 }),
    encode({ ...value, n: 'AAAA' }),
    encode({ ...value, claim: [] }),
    encode({ ...value, si: 1 }),
  ];
  for (const text of bent) expect(readClaim(text).ok).toBe(false);
});

it('a delegating ticket admits its own kind and rooms only (J5)', async () => {
  const open = await issueTicket(engine, red.member, secret, { ...terms, delegating: true });
  const guests = await issueTicket(engine, red.member, secret, {
    ...terms,
    kind: 'guest',
    uses: 5,
    rooms: [red.dfp],
    delegating: true,
  });
  const { signer } = ticketKeys(secret);
  const plain = await issue((await claimFor(open)).m, signer);
  const guest = await issue((await claimFor(guests, [red.dfp])).m, signer);
  const elsewhere = await issue((await claimFor(guests, [red.mfp])).m, signer);
  expect((await verifyDelegated(nodeEngine, plain, open)).ok).toBe(true);
  expect((await verifyDelegated(nodeEngine, guest, guests)).ok).toBe(true);
  expect((await verifyDelegated(nodeEngine, plain, ticket)).ok).toBe(false);
  expect((await verifyDelegated(nodeEngine, plain, guests)).ok).toBe(false);
  expect((await verifyDelegated(nodeEngine, guest, open)).ok).toBe(false);
  expect((await verifyDelegated(nodeEngine, elsewhere, guests)).ok).toBe(false);
  const byStranger = await issue((await claimFor(open)).m, seedSigner(seedOf('stranger')));
  expect((await verifyDelegated(nodeEngine, byStranger, open)).ok).toBe(false);
});
