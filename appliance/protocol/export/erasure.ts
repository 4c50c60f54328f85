import { utf8 } from '../codec/bytes.ts';
import { decode, encode, type Json } from '../codec/canonical-json.ts';
import { commitLimits } from '../codec/commit.ts';
import { sha512 } from '../codec/digest.ts';
import { ascending } from '../codec/envelope.ts';
import { isFingerprint, isSid } from '../codec/fingerprint.ts';
import {
  base64,
  b64u,
  fields,
  integer,
  list,
  oneOf,
  text,
  tuple,
  type Guard,
} from '../codec/shape.ts';
import { fromB64u, fromHex, toHex } from '../codec/text-form.ts';
import { verifyBlob } from '../crypto/verify-strict.ts';
import type { Engine } from '../ports.ts';
import { accepted, refused, type Parsed, type Verdict } from '../verdict.ts';

/** What the box says that it erased (T7). It cannot exclude that somebody kept a copy before. */
export interface ErasureClaim {
  cid: string;
  /** Mission commits that are not in the record, parents first: raw, base64. */
  commits: string[];
  /** What was there: path, entries, bytes. */
  erased: [path: string, entries: number, bytes: number][];
  /** Parties that were not waited for. */
  excused: string[];
  /** SHA-512 of the record in hex, and its R. */
  h: string;
  r: string;
  medium: 'files' | 'luks2';
  method: 'removed' | 'crypto-erase';
  /** Receipts the wipe rests on. */
  receipts: string[];
  t: 'erased';
  /** What was found afterwards that should not have been there. */
  unseen: string[];
  v: 1;
  /** Seconds by the box's clock. */
  when: number;
}

/** The certificate of erasure. */
export interface Erasure {
  /** The box's public key, b64u. */
  bk: string;
  c: ErasureClaim;
  /** Its signature, namespace `parley-box-v1`, over CJ of `c`. */
  s: string;
}

/** Most bytes of a certificate: the agreements, receipts and what else the end took. */
const largestErasure = 16_777_216;

const isHash: Guard<string> = (value): value is string =>
  typeof value === 'string' && fromHex(value, 64) !== undefined;
const number = integer(0, Number.MAX_SAFE_INTEGER);
/** As R2: no calendar can show a far later moment. */
const moment = integer(0, 2 ** 33);
const isErasure = fields({
  bk: b64u(32),
  c: fields({
    cid: isFingerprint,
    commits: list(base64(1, commitLimits.epoch), 0, 65_536),
    erased: list(tuple(text(1, 512), number, number), 0, 4096),
    excused: list(isFingerprint, 0, 32),
    h: isHash,
    r: isSid,
    medium: oneOf('files', 'luks2'),
    method: oneOf('removed', 'crypto-erase'),
    receipts: list(isSid, 0, 4096),
    t: oneOf('erased'),
    unseen: list(text(1, 512), 0, 4096),
    v: oneOf(1),
    when: moment,
  }),
  s: b64u(64),
});

/** What the box signs: CJ of the claim. Throws TypeError for a claim that CJ cannot hold. */
export function erasureMessage(c: ErasureClaim): Uint8Array {
  return utf8(encode(c as unknown as Json));
}

/** The certificate as it is kept and given out. */
export function erasureText(erasure: Erasure): string {
  return encode(erasure as unknown as Json);
}

/** Reads a certificate; its signature is not judged yet. */
export function readErasure(input: string | Uint8Array): Parsed<Erasure> {
  const decoded = decode(input, largestErasure);
  if (!decoded.ok) return refused('T7', 'the certificate cannot be read');
  const { value } = decoded;
  if (!isErasure(value)) return refused('T7', 'the certificate has a bad form');
  const { excused, receipts } = value.c;
  if (!ascending(excused) || !ascending(receipts)) {
    return refused('T7', 'a list of the certificate is not sorted');
  }
  return { ok: true, value };
}

/**
 * Whether the key that the certificate names signed it. That this is the mission's box, and that
 * the receipts are true, follows from record and commits.
 */
export async function checkErasure(engine: Engine, { bk, c, s }: Erasure): Promise<Verdict> {
  const [key, signature] = [fromB64u(bk, 32), fromB64u(s, 64)];
  if (key === undefined || signature === undefined) return refused('T7', 'bad key or signature');
  const isSigned = await verifyBlob(engine, 'parley-box-v1', key, erasureMessage(c), signature);
  return isSigned ? accepted : refused('T7', 'the box did not sign the certificate');
}

/** Number of a certificate for people: first twelve digits of its hash in groups of four. */
export function erasureNumber(erasure: Erasure): string {
  const digits = toHex(sha512(utf8(erasureText(erasure)))).slice(0, 12);
  return (digits.match(/.{4}/g) as string[]).join(' ');
}
