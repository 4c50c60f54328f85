import { equal, utf8 } from '../codec/bytes.ts';
import { encode, type Json } from '../codec/canonical-json.ts';
import { memberFingerprint, partyFingerprint } from '../codec/fingerprint.ts';
import { H } from '../codec/hash.ts';
import { fromB64u, toB64u } from '../codec/text-form.ts';
import { isAgreementPoint } from '../crypto/agreement.ts';
import type { Signer } from '../crypto/sign.ts';
import { verifyBlob } from '../crypto/verify-strict.ts';
import type { Engine } from '../ports.ts';
import { accepted, refused, type Parsed, type Verdict } from '../verdict.ts';
import {
  isCertificate,
  type Application,
  type Bodies,
  type Certificate,
  type CertificateBody,
} from './certificate-form.ts';

/** A body with the subject's proof that it has the key (namespace `swarm-pop-v1`). */
export async function apply<B extends CertificateBody>(
  body: B,
  subject: Signer,
): Promise<Application<B>> {
  return { c: body, w: toB64u(await subject.sign('swarm-pop-v1', bodyBytes(body))) };
}

/** The certificate for an application: the issuer adds its signature, nothing else. */
export async function issue<B extends CertificateBody>(
  { c, w }: Application<B>,
  issuer: Signer,
): Promise<Certificate<B>> {
  return { c, s: toB64u(await issuer.sign('swarm-cert-v1', bodyBytes(c))), w };
}

/** Reads a decoded certificate of the expected type; the field set is exact (R5). */
export function readCertificate<T extends keyof Bodies>(
  value: unknown,
  type: T,
): Parsed<Certificate<Bodies[T]>> {
  const isExpected = isCertificate(type);
  if (!isExpected(value)) return refused('R5', `not a ${type} certificate`);
  return { ok: true, value };
}

/**
 * Whether `issuerKey` issued it: both signatures (R4), strong keys (R-KEY, K10), and
 * that the body names this issuer. A member certificate by a ticket's key goes
 * through `verifyDelegated` instead (J5).
 */
export async function verifyCertificate(
  engine: Engine,
  certificate: Certificate,
  issuerKey: Uint8Array,
): Promise<Verdict> {
  if (!namesIssuer(certificate.c, issuerKey)) return refused('R16', 'it names another issuer');
  return verifySignatures(engine, certificate, issuerKey);
}

/** The two signatures and the keys of a certificate, without asking whom the body names. */
export async function verifySignatures(
  engine: Engine,
  certificate: Certificate,
  issuerKey: Uint8Array,
): Promise<Verdict> {
  const { c, s } = certificate;
  const applied = await verifyApplication(engine, certificate);
  if (!applied.ok) return applied;
  const issued = await verifyBlob(engine, 'swarm-cert-v1', issuerKey, bodyBytes(c), bytes(s));
  return issued ? accepted : refused('R16', "the issuer's signature does not verify");
}

/** The subject's half: a strong key that it proves to have, and a usable X25519 key. */
export async function verifyApplication(
  engine: Engine,
  { c, w }: Application<CertificateBody>,
): Promise<Verdict> {
  if ('x' in c && !isAgreementPoint(bytes(c.x))) return refused('K10', 'a weak X25519 key');
  const proven = await verifyBlob(engine, 'swarm-pop-v1', subjectKey(c), bodyBytes(c), bytes(w));
  return proven ? accepted : refused('R16', "the subject's signature does not verify");
}

/** Identity of a certificate (B3): of what was signed, so that a second signature is no second certificate. */
export function certificateId({ c }: Pick<Certificate, 'c'>): string {
  return toB64u(H('cert', bodyBytes(c)));
}

/** The Ed25519 key that the certificate is about; 32 bytes. */
export function subjectKey(body: CertificateBody): Uint8Array {
  return bytes(body.t === 'ticket' ? body.ipk : body.pk);
}

function namesIssuer(body: CertificateBody, issuerKey: Uint8Array): boolean {
  switch (body.t) {
    case 'party':
      return equal(bytes(body.pk), issuerKey);
    case 'member':
      return body.p === partyFingerprint(issuerKey);
    case 'device':
    case 'ticket':
      return body.m === memberFingerprint(issuerKey);
  }
}

function bodyBytes(body: CertificateBody): Uint8Array {
  return utf8(encode(body as unknown as Json));
}

/** Empty if malformed, which no later check accepts. */
function bytes(text: string): Uint8Array {
  return fromB64u(text) ?? new Uint8Array(0);
}
