import { toB64u } from '#protocol/codec/text-form.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { edgeCases } from '#protocol/crypto/self-test.ts';
import { certificateId } from '#protocol/identity/certificate.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { claimDigits, claimId } from '#protocol/identity/claim.ts';
import { answerClaim, digitBytes } from '#protocol/identity/claim-answer.ts';
import { applyAsMember, issueDevice } from '#protocol/identity/issue.ts';
import { issueTicket, ticketSerial } from '#protocol/identity/ticket.ts';
import { leadNamed, seedOf } from '../../support/people.ts';
import { seededEngine } from '../../support/protocol-ports.ts';

/** Signatures over the text `strict`, with the verdicts of R4 and R-KEY. */
export function ed25519Vectors(): Promise<unknown> {
  return Promise.resolve({ message: 'strict', cases: edgeCases });
}

/** A party, its lead, a device and an invitation. */
export async function certificateVectors(): Promise<unknown> {
  const red = await leadNamed('red');
  const ticket = await issueTicket(seededEngine('ticket'), red.member, seedOf('ticket secret'), {
    cid: red.pfp,
    party: red.pfp,
    kind: 'person',
    uses: 1,
    rooms: [],
    delegating: false,
  });
  const { party, member, device } = red.chain;
  const certificates = { party, member, device, ticket };
  return {
    note: 'seeds: SHA-512 of "red party", "red member", "red device", first 32 bytes',
    pfp: red.pfp,
    mfp: red.mfp,
    dfp: red.dfp,
    issuers: {
      party: toB64u(red.party.publicKey),
      member: toB64u(red.party.publicKey),
      device: toB64u(red.member.publicKey),
      ticket: toB64u(red.member.publicKey),
    },
    certificates,
    ids: Object.fromEntries(
      Object.entries(certificates).map(([type, certificate]) => [type, certificateId(certificate)]),
    ),
  };
}

/** A claim, what a lead's device answers, and the digits that both screens show. */
export async function claimVectors(): Promise<unknown> {
  const engine = seededEngine('claim');
  const red = await leadNamed('red');
  const [member, device] = [seedSigner(seedOf('anna member')), seedSigner(seedOf('anna device'))];
  const inbox = scalarKey(seedOf('anna inbox')).publicKey;
  const claim = {
    b: toB64u(seedOf('box')),
    c: red.pfp,
    d: await issueDevice(engine, member, device, scalarKey(seedOf('anna x')).publicKey),
    m: await applyAsMember(engine, member, { party: red.pfp, inbox }),
    r: toB64u(seedOf('claim r')),
    t: ticketSerial(seedOf('ticket secret')),
  };
  const bytes = digitBytes(seedOf('red secret'), claim);
  return {
    note: 'keys as in certificates.json; secret of the answering device: SHA-512 of "red secret", first 32 bytes',
    claim,
    id: claimId(claim),
    answer: await answerClaim(claim, red.chain, red.device, bytes),
    digits: claimDigits(claim, bytes),
  };
}
