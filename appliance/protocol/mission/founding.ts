import { u8, utf8 } from '../codec/bytes.ts';
import { encode, type Json } from '../codec/canonical-json.ts';
import { isFingerprint, partyFingerprint } from '../codec/fingerprint.ts';
import { H, H32 } from '../codec/hash.ts';
import { b64u, fields, integer, tuple, type Guard } from '../codec/shape.ts';
import { fromB64u, toB64u } from '../codec/text-form.ts';
import { seedSigner, type Signer } from '../crypto/sign.ts';
import { verifyBlob } from '../crypto/verify-strict.ts';
import { subjectKey } from '../identity/certificate.ts';
import {
  isCertificate,
  type Certificate,
  type DeviceBody,
  type MemberBody,
  type PartyBody,
} from '../identity/certificate-form.ts';
import type { Engine } from '../ports.ts';
import { refused, type Parsed } from '../verdict.ts';
import { maxParties, readCharter, type Charter } from './charter.ts';

/** D: what is to be founded. */
export interface Draft {
  charter: Charter;
  n: number;
  /** 16 random bytes: two foundings of one charter differ. */
  session: string;
}

/** One row of L: a party, what binds it, and its signature of statement 1. */
export type Commitment = [pfp: string, fc: string, sig: string];

/** What a commitment was made of. */
export interface Reveal {
  p: Certificate<PartyBody>;
  m: Certificate<MemberBody>;
  d: Certificate<DeviceBody>;
  /** Place among the parties, from 0. */
  slot: number;
  /** ρ, 32 random bytes, so that a commitment betrays nothing. */
  rho: string;
}

/** All that a founding is, and all that its hash F covers. `l` and `r` in order of pfp. */
export interface FoundingRecord {
  d: Draft;
  l: Commitment[];
  r: Reveal[];
}

const hasDraftFields = fields({
  charter: (value: unknown): value is Charter => readCharter(value).ok,
  n: integer(2, maxParties),
  session: b64u(16),
});

/** Form of a draft, with a charter that V11 allows. */
export const isDraft: Guard<Draft> = (value): value is Draft =>
  hasDraftFields(value) && value.n === value.charter.n;

/** Form of a row of L. */
export const isCommitment: Guard<Commitment> = tuple(isFingerprint, b64u(64), b64u(64));

/** The fields of a reveal; certificates are of the right type, not verified. */
export const revealFields = {
  p: isCertificate('party'),
  m: isCertificate('member'),
  d: isCertificate('device'),
  slot: integer(0, maxParties - 1),
  rho: b64u(32),
};

/** Form of a reveal. */
export const isReveal: Guard<Reveal> = fields(revealFields);

/** Reads a draft; says which rule a charter breaks. */
export function readDraft(value: unknown): Parsed<Draft> {
  if (isDraft(value)) return { ok: true, value };
  const charter = readCharter((value as { charter?: unknown } | null)?.charter);
  return charter.ok ? refused('R5', 'the draft has a bad form') : charter;
}

/** Signs the posts of a founding: whoever has the join code, nobody else on the network. */
export function foundingSigner(foundingKey: Uint8Array): Signer {
  return seedSigner(H32('founding-sign', foundingKey));
}

/** `fc` (F1): binds a party to its people, device and slot before it knows the others. */
export function commitmentHash(draft: Draft, { p, m, d, slot, rho }: Reveal): string {
  const certificates = [p, m, d].map((certificate) => text(certificate));
  const salt = fromB64u(rho, 32) ?? new Uint8Array(0);
  return toB64u(H('fc', text(draft), ...certificates, u8(slot), salt));
}

/** Statement 1: a party commits. Each statement is signed by the party key, `swarm-charter-v1`. */
export function commitStatement(draft: Draft, fc: string): Uint8Array {
  return utf8(text({ d: toB64u(H('draft', text(draft))), fc, t: 'commit' }));
}

/** Statement 2, with the reveal: which list of commitments the party has seen. */
export function revealStatement(list: readonly Commitment[]): Uint8Array {
  return utf8(text({ l: toB64u(H('list', text(list))), t: 'reveal' }));
}

/** Statement 3: the party founds. It goes into its `found` commit. */
export function foundStatement(f: Uint8Array): Uint8Array {
  return utf8(text({ f: toB64u(f), t: 'found' }));
}

/** Statement 4: people have compared the safety codes; `ok` 1 for equal, 0 for different (F5). */
export function comparedStatement(f: Uint8Array, ok: 0 | 1): Uint8Array {
  return utf8(text({ f: toB64u(f), ok, t: 'compared' }));
}

/** F (F3), 64 bytes: the founding and nothing else. */
export function foundingHash({ d, l, r }: FoundingRecord): Uint8Array {
  return H('found', text(d), text(l), ...r.map((reveal) => text(revealOnly(reveal))));
}

/** The party that a reveal is of. */
export function revealedParty(reveal: Pick<Reveal, 'p'>): string {
  return partyFingerprint(subjectKey(reveal.p.c));
}

/** Just the fields that F covers, for a reveal that came in a post. */
export function revealOnly({ p, m, d, slot, rho }: Reveal): Reveal {
  return { p, m, d, slot, rho };
}

/** Statement 3 of a party against the arguments of a mission's genesis (F4). */
export async function verifyFoundSignature(
  engine: Engine,
  genesis: { [key: string]: Json },
  partyKey: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const f = foundingHash(genesis as unknown as FoundingRecord);
  return verifyBlob(engine, 'swarm-charter-v1', partyKey, foundStatement(f), signature);
}

function text(value: unknown): string {
  return encode(value as Json);
}
