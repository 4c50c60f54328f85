import { beforeAll, describe, expect, it } from 'vitest';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { issue } from '#protocol/identity/certificate.ts';
import type { Claim } from '#protocol/identity/claim.ts';
import {
  answerClaim,
  digitBytes,
  isClaimAnswer,
  verifyAnswer,
  type ClaimAnswer,
} from '#protocol/identity/claim-answer.ts';
import { applyAsMember, issueDevice } from '#protocol/identity/issue.ts';
import { ticketKeys, ticketSerial } from '#protocol/identity/ticket.ts';
import { nodeEngine, seededEngine } from '../../../support/protocol-ports.ts';
import { leadNamed, seedOf, type Lead } from '../../../support/people.ts';

const engine = seededEngine('answers');
const ticketSecret = seedOf('ticket secret');
let red: Lead;
let blue: Lead;
let claim: Claim;
let answer: ClaimAnswer;

beforeAll(async () => {
  [red, blue] = [await leadNamed('red'), await leadNamed('blue')];
  claim = await claimOf('anna');
  answer = await answerClaim(claim, red.chain, red.device, digitBytes(seedOf('k16'), claim));
});

async function claimOf(name: string): Promise<Claim> {
  const [member, device] = [seedSigner(seedOf(`${name} m`)), seedSigner(seedOf(`${name} d`))];
  const inbox = scalarKey(seedOf(`${name} inbox`)).publicKey;
  return {
    b: toB64u(seedOf('box')),
    c: red.pfp,
    d: await issueDevice(engine, member, device, scalarKey(seedOf(`${name} x`)).publicKey),
    m: await applyAsMember(engine, member, { party: red.pfp, inbox }),
    r: toB64u(engine.random(32)),
    t: ticketSerial(ticketSecret),
  };
}

const verdict = (changed: Partial<ClaimAnswer>, of = claim) =>
  verifyAnswer(nodeEngine, of, { ...answer, ...changed });

describe("the lead's bytes for the digits", () => {
  it('are believed when a device of the inviting party signed them for this claim', async () => {
    const read: unknown = JSON.parse(encode(answer as unknown as Json));
    expect(isClaimAnswer(read)).toBe(true);
    expect(await verifyAnswer(nodeEngine, claim, read as ClaimAnswer)).toEqual({ ok: true });
  });

  it('are refused when the box puts others in their place', async () => {
    for (let fill = 0; fill < 3; fill++) {
      expect(await verdict({ r: toB64u(new Uint8Array(16).fill(fill)) })).toMatchObject({
        ok: false,
        rule: 'J4',
      });
    }
  });

  it('are refused when they were for another claim, another mission or another secret draw', async () => {
    const second = await claimOf('second scanner');
    expect((await verdict({}, second)).ok).toBe(false);
    expect((await verdict({}, { ...claim, c: blue.pfp })).ok).toBe(false);
    expect((await verdict({}, { ...claim, r: second.r })).ok).toBe(false);
  });

  it('are refused from a member of another party, whatever the chain shows', async () => {
    const r = toB64u(digitBytes(seedOf('other'), claim));
    const by = (chain: Lead['chain']) =>
      answerClaim(claim, chain, blue.device, digitBytes(seedOf('other'), claim));
    expect((await verdict(await by(blue.chain))).ok).toBe(false);
    const { party } = red.chain;
    expect((await verdict(await by({ ...blue.chain, party }))).ok).toBe(false);
    expect((await verdict(await by({ ...red.chain, device: blue.chain.device }))).ok).toBe(false);
    expect((await verdict({ ...(await by(red.chain)), r })).ok).toBe(false);
  });

  it('are refused from a person whom only a ticket vouches for, and from a guest', async () => {
    const [member, device] = [seedSigner(seedOf('new m')), seedSigner(seedOf('new d'))];
    const x = scalarKey(seedOf('new x')).publicKey;
    const inbox = scalarKey(seedOf('new inbox')).publicKey;
    const plain = await applyAsMember(engine, member, { party: red.pfp, inbox });
    const guest = await applyAsMember(engine, member, {
      party: red.pfp,
      inbox,
      guestOf: [red.mfp],
    });
    const certificate = await issueDevice(engine, member, device, x);
    const delegated = await issue(plain, ticketKeys(ticketSecret).signer);
    for (const one of [delegated, await issue(guest, red.party)]) {
      const chain = { party: red.chain.party, member: one, device: certificate };
      const said = await answerClaim(claim, chain, device, digitBytes(seedOf('a'), claim));
      expect((await verdict(said)).ok).toBe(false);
    }
  });

  it('are refused when the signature is of another purpose', async () => {
    const bytes = new TextEncoder().encode(encode({ r: answer.r }));
    const w = toB64u(await red.device.sign('swarm-auth-v1', bytes));
    expect((await verdict({ w })).ok).toBe(false);
  });

  it('are one draw for each claim and device: asking again gives the same', async () => {
    const again = digitBytes(seedOf('k16'), claim);
    expect(toB64u(again)).toBe(answer.r);
    expect(again).toHaveLength(16);
    expect(digitBytes(seedOf('k16'), await claimOf('second scanner'))).not.toEqual(again);
    expect(digitBytes(seedOf('other device'), claim)).not.toEqual(again);
  });

  it('have one form, and everything else is no answer', () => {
    const bent: unknown[] = [undefined, {}, { ...answer, more: 1 }, { ...answer, r: '' }];
    for (const one of [...bent, { ...answer, by: [] }, { ...answer, w: 1 }]) {
      expect(isClaimAnswer(one)).toBe(false);
    }
  });
});
