import { utf8 } from '../codec/bytes.ts';
import { encode } from '../codec/canonical-json.ts';
import { partyFingerprint } from '../codec/fingerprint.ts';
import { H } from '../codec/hash.ts';
import { b64u, fields, type Guard } from '../codec/shape.ts';
import { fromB64u, toB64u } from '../codec/text-form.ts';
import type { Signer } from '../crypto/sign.ts';
import { verifyBlob } from '../crypto/verify-strict.ts';
import type { Engine } from '../ports.ts';
import { accepted, refused, type Verdict } from '../verdict.ts';
import { subjectKey } from './certificate.ts';
import {
  isCertificate,
  type Certificate,
  type DeviceBody,
  type MemberBody,
  type PartyBody,
} from './certificate-form.ts';
import { verifyChain, type Chain } from './chain.ts';
import { claimId, type Claim } from './claim.ts';

/** What a lead's device says to a claim (J4): its 16 bytes, and who says so. */
export interface ClaimAnswer {
  /** Certificates of the lead's device, member and party. */
  by: { d: Certificate<DeviceBody>; m: Certificate<MemberBody>; p: Certificate<PartyBody> };
  /** The bytes that the digits are made of, b64u. */
  r: string;
  /** The device's signature. */
  w: string;
}

/** The form of an answer. */
export const isClaimAnswer: Guard<ClaimAnswer> = fields({
  by: fields({ d: isCertificate('device'), m: isCertificate('member'), p: isCertificate('party') }),
  r: b64u(16),
  w: b64u(64),
});

/**
 * A device's 16 bytes for a claim: made of its secret, so that nobody can foresee them, and the
 * same each time, so that a box that forgets and asks again cannot draw until digits agree (J4).
 */
export function digitBytes(deviceSecret: Uint8Array, claim: Claim): Uint8Array {
  return H('digits', deviceSecret, utf8(claimId(claim))).slice(0, 16);
}

/** Signs the answer to a claim by a lead's device. */
export async function answerClaim(
  claim: Claim,
  { party: p, member: m, device: d }: Chain,
  device: Signer,
  bytes: Uint8Array,
): Promise<ClaimAnswer> {
  const r = toB64u(bytes);
  return { by: { d, m, p }, r, w: toB64u(await device.sign('swarm-signal-v1', said(claim, r))) };
}

/**
 * J4: a device of the party that the claim is to signed these bytes for this claim. Without it the
 * box could choose them for one claimant until the digits are those of another. Whether the member
 * is a lead only the mission knows, which a claimant cannot see yet.
 */
export async function verifyAnswer(
  engine: Engine,
  claim: Claim,
  { by: { d: device, m: member, p: party }, r, w }: ClaimAnswer,
): Promise<Verdict> {
  if (partyFingerprint(subjectKey(party.c)) !== claim.m.c.p) {
    return refused('J4', 'the answer comes from another party');
  }
  if (member.c.k === 1) return refused('J4', 'a guest speaks for nobody');
  const chain = await verifyChain(engine, { party, member, device });
  if (!chain.ok) return chain;
  const signature = fromB64u(w, 64) ?? new Uint8Array(0);
  const key = subjectKey(device.c);
  const isSigned = await verifyBlob(engine, 'swarm-signal-v1', key, said(claim, r), signature);
  return isSigned ? accepted : refused('J4', 'the answer is not for this claim');
}

function said(claim: Claim, r: string): Uint8Array {
  return utf8(encode({ c: claimId(claim), cid: claim.c, r, t: 'digits' }));
}
