import { utf8 } from '../codec/bytes.ts';
import { encode, type Json } from '../codec/canonical-json.ts';
import { isFingerprint } from '../codec/fingerprint.ts';
import { H } from '../codec/hash.ts';
import { b64u, fields, oneOf, type Guard } from '../codec/shape.ts';
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

/** What the old device says of itself to the new one, and its bytes for the digits. */
export interface LinkAnswer {
  by: { d: Certificate<DeviceBody>; m: Certificate<MemberBody>; p: Certificate<PartyBody> };
  /** The mission. */
  cid: string;
  /** 16 random bytes, b64u. */
  r: string;
  /** The old device's signature. */
  w: string;
}

/** The form of an answer. */
export const isLinkAnswer: Guard<LinkAnswer> = fields({
  by: fields({ d: isCertificate('device'), m: isCertificate('member'), p: isCertificate('party') }),
  cid: isFingerprint,
  r: b64u(16),
  w: b64u(64),
});

/** The form of what binds the old device to an answer. */
export const isLinkCommit = fields({ h: b64u(64), k: oneOf('commit') });

/** Signs the old device's answer in a link. `bytes` are 16 fresh random ones. */
export async function answerLink(
  id: string,
  cid: string,
  { party: p, member: m, device: d }: Chain,
  device: Signer,
  bytes: Uint8Array,
): Promise<LinkAnswer> {
  const r = toB64u(bytes);
  const w = toB64u(await device.sign('swarm-signal-v1', said(id, cid, r)));
  return { by: { d, m, p }, cid, r, w };
}

/** What the old device shows first: it cannot change its answer once it knows the other's bytes. */
export function linkCommit(id: string, answer: LinkAnswer): string {
  return toB64u(H('link-commit', id, utf8(encode(answer as unknown as Json))));
}

/** Whether the answer is the one that was committed to, and a device with a whole chain gave it here. */
export async function verifyLinkAnswer(
  engine: Engine,
  id: string,
  commit: string,
  answer: LinkAnswer,
): Promise<Verdict> {
  const { by, cid, r, w } = answer;
  if (linkCommit(id, answer) !== commit) return refused('J9', 'the answer was changed afterwards');
  const chain = await verifyChain(engine, { party: by.p, member: by.m, device: by.d });
  if (!chain.ok) return chain;
  const signature = fromB64u(w, 64) ?? new Uint8Array(0);
  const key = subjectKey(by.d.c);
  const isSigned = await verifyBlob(engine, 'swarm-signal-v1', key, said(id, cid, r), signature);
  return isSigned ? accepted : refused('J9', 'the answer is not for this link');
}

/**
 * Six digits of what both devices said: the keys (through the link's name), the mission, the
 * person, and 16 bytes of each. Whoever stands between is bound to an answer before the new
 * device's bytes are known, and to those before the old device's answer is: nobody can search.
 */
export function linkDigits(id: string, answer: LinkAnswer, nonce: string): string {
  const bytes = fromB64u(nonce, 16) ?? new Uint8Array(0);
  const hash = H('link-digits', id, utf8(encode(answer as unknown as Json)), bytes);
  const head = new DataView(hash.buffer, hash.byteOffset).getBigUint64(0);
  return (head % 1_000_000n).toString().padStart(6, '0');
}

function said(id: string, cid: string, r: string): Uint8Array {
  return utf8(encode({ cid, l: id, r, t: 'link' }));
}
