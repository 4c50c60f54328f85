import { toB64u } from '#protocol/codec/text-form.ts';
import { edgeCases } from '#protocol/crypto/self-test.ts';
import { certificateId } from '#protocol/identity/certificate.ts';
import { issueTicket } from '#protocol/identity/ticket.ts';
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
