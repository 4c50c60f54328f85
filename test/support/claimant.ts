import { nodeEngine } from '#kernel/node-engine.ts';
import { deviceFingerprint, memberFingerprint } from '#protocol/codec/fingerprint.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { seedSigner, type Signer } from '#protocol/crypto/sign.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { signClaim, type SignedClaim } from '#protocol/identity/claim.ts';
import { applyAsMember, issueDevice } from '#protocol/identity/issue.ts';
import { ticketKeys, ticketSerial } from '#protocol/identity/ticket.ts';

/** A signed claim of a made-up person (by number) with a ticket's secret. */
export async function claimOf(
  person: number,
  of: { secret: Uint8Array; cid: string; party: string; boxKeyHash: string },
): Promise<{ signed: SignedClaim; device: string; signer: Signer; member: string }> {
  const seed = (purpose: number): Uint8Array =>
    new Uint8Array(32).fill(purpose, 0, 31).fill(person, 31);
  const [member, device] = [seedSigner(seed(1)), seedSigner(seed(2))];
  const inbox = scalarKey(seed(3)).publicKey;
  const claim = {
    b: of.boxKeyHash,
    c: of.cid,
    d: await issueDevice(nodeEngine, member, device, scalarKey(seed(4)).publicKey),
    m: await applyAsMember(nodeEngine, member, { party: of.party, inbox }),
    r: toB64u(nodeEngine.random(32)),
    t: ticketSerial(of.secret),
  };
  const ticket = ticketKeys(of.secret);
  const signed = await signClaim(nodeEngine, claim, { ticket, member, device, name: 'a canary' });
  return {
    signed,
    device: deviceFingerprint(device.publicKey),
    signer: device,
    member: memberFingerprint(member.publicKey),
  };
}
