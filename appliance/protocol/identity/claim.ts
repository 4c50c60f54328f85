import { utf8 } from '../codec/bytes.ts';
import { decode, encode, type Json } from '../codec/canonical-json.ts';
import { isFingerprint } from '../codec/fingerprint.ts';
import { H } from '../codec/hash.ts';
import { b64u, base64, fields, text } from '../codec/shape.ts';
import { fromB64u, fromBase64, toB64u, toB32, toBase64 } from '../codec/text-form.ts';
import { isSealedLength, openText, sealText } from '../crypto/seal.ts';
import type { Signer } from '../crypto/sign.ts';
import { verifyBlob } from '../crypto/verify-strict.ts';
import type { Engine } from '../ports.ts';
import { accepted, refused, type Parsed, type Verdict } from '../verdict.ts';
import { subjectKey, verifyApplication, verifyCertificate } from './certificate.ts';
import {
  isApplication,
  isCertificate,
  type Application,
  type Certificate,
  type DeviceBody,
  type MemberBody,
  type TicketBody,
} from './certificate-form.ts';
import { fitsTicket, type TicketKeys } from './ticket.ts';

/** What somebody with an invitation asks for (J3): these keys, in this mission, on this box. */
export interface Claim {
  /** Hash of the box's key. */
  b: string;
  c: string;
  d: Certificate<DeviceBody>;
  m: Application<MemberBody>;
  /** 32 random bytes. */
  r: string;
  /** Serial of the ticket. */
  t: string;
}

/** A claim as it is sent: with the sealed name and the signatures of ticket, member and device. */
export interface SignedClaim {
  claim: Claim;
  /** CJ `{"name"}`, sealed for the lead; base64. */
  n: string;
  si: string;
  sm: string;
  sd: string;
}

/** Bytes of a posted claim that are read at all; bounds what a stranger can make the box parse. */
const maxClaimBytes = 8192;
/** UTF-16 units of a name; even fully escaped it fits the bucket below. */
const maxNameLength = 100;
const isSigned = fields({
  claim: fields({
    b: b64u(32),
    c: isFingerprint,
    d: isCertificate('device'),
    m: isApplication('member'),
    r: b64u(32),
    t: b64u(16),
  }),
  n: base64(1, 1064),
  si: b64u(64),
  sm: b64u(64),
  sd: b64u(64),
});
const isName = fields({ name: text(1, maxNameLength) });

/** The three keys that sign a claim, and the name it carries. */
export interface Claimant {
  ticket: TicketKeys;
  member: Signer;
  device: Signer;
  name: string;
}

/** Signs a claim with all three keys and seals the name. Throws RangeError for a name beyond 100 units. */
export async function signClaim(
  engine: Engine,
  claim: Claim,
  { ticket, member, device, name }: Claimant,
): Promise<SignedClaim> {
  if (!isName({ name })) throw new RangeError('the name is empty or too long');
  const bytes = claimBytes(claim);
  const sign = async (signer: Signer) => toB64u(await signer.sign('swarm-pop-v1', bytes));
  const sealed = sealText(ticket.sealingKey, engine.random(24), encode({ name }));
  return {
    claim,
    n: toBase64(sealed),
    si: await sign(ticket.signer),
    sm: await sign(member),
    sd: await sign(device),
  };
}

/** Reads a posted claim; form only. */
export function readClaim(input: string | Uint8Array): Parsed<SignedClaim> {
  const decoded = decode(input, maxClaimBytes);
  if (!decoded.ok) return decoded;
  const value: unknown = decoded.value;
  if (!isSigned(value)) return refused('J3', 'the claim has a bad form');
  const sealed = fromBase64(value.n);
  if (sealed === undefined || !isSealedLength(sealed.length)) {
    return refused('K19', 'the name is not padded');
  }
  return { ok: true, value };
}

/**
 * J3: the claim is for this ticket and box, asks for no more than the ticket gives,
 * and all three keys signed it. Whether the ticket is live is the swarm's to say.
 */
export async function verifyClaim(
  engine: Engine,
  signed: SignedClaim,
  ticket: TicketBody,
  boxKeyHash: string,
): Promise<Verdict> {
  const { claim } = signed;
  if (claim.b !== boxKeyHash) return refused('J3', 'the claim is for another box');
  if (claim.c !== ticket.cid) return refused('J3', 'the claim is for another mission');
  if (claim.t !== ticket.serial) return refused('J3', 'the claim is for another ticket');
  const fits = fitsTicket(claim.m.c, ticket);
  if (!fits.ok) return fits;
  const member = await verifyApplication(engine, claim.m);
  if (!member.ok) return member;
  const device = await verifyCertificate(engine, claim.d, subjectKey(claim.m.c));
  if (!device.ok) return device;
  const bytes = claimBytes(claim);
  const signatures: [Uint8Array, string][] = [
    [subjectKey(ticket), signed.si],
    [subjectKey(claim.m.c), signed.sm],
    [subjectKey(claim.d.c), signed.sd],
  ];
  for (const [key, signature] of signatures) {
    const raw = fromB64u(signature, 64) ?? new Uint8Array(0);
    if (!(await verifyBlob(engine, 'swarm-pop-v1', key, bytes, raw))) {
      return refused('J3', 'a signature of the claim does not verify');
    }
  }
  return accepted;
}

/** The name in a claim, opened with the ticket's sealing key. */
export function openClaimName(sealingKey: Uint8Array, signed: SignedClaim): Parsed<string> {
  const sealed = fromBase64(signed.n);
  if (sealed === undefined) return refused('J3', 'the name is not base64');
  const opened = openText(sealingKey, sealed);
  if (!opened.ok) return opened;
  const decoded = decode(opened.value, 1024);
  if (!decoded.ok) return decoded;
  const value: unknown = decoded.value;
  return isName(value) ? { ok: true, value: value.name } : refused('J3', 'no name in the claim');
}

/** Name of a claim at the box: b32 of the first 20 bytes of its hash. */
export function claimId(claim: Claim): string {
  return toB32(H('claim-id', claimBytes(claim)).subarray(0, 20));
}

/**
 * The six digits of J4 over a claim and the lead's 16 bytes, which come after the
 * claim is fixed, so that nobody can search for a claim with equal digits.
 */
export function claimDigits(claim: Claim, fresh: Uint8Array): string {
  const hash = H('claim', claimBytes(claim), fresh);
  const head = new DataView(hash.buffer, hash.byteOffset).getBigUint64(0);
  return (head % 1_000_000n).toString().padStart(6, '0');
}

function claimBytes(claim: Claim): Uint8Array {
  return utf8(encode(claim as unknown as Json));
}
