import { accepted, refused, type Parsed, type Verdict } from '../verdict.ts';
import { decode, type Json } from './canonical-json.ts';
import type { CommitClass, Envelope } from './commit-form.ts';
import { isFingerprint, isSid } from './fingerprint.ts';
import { fields, integer, list, oneOf, type Guard } from './shape.ts';

const kind: Guard<string> = (value): value is string =>
  typeof value === 'string' && /^[a-z]{1,12}$/.test(value);
const epochId: Guard<string> = (value): value is string =>
  typeof value === 'string' && /^[a-z2-7]{32}$/.test(value);
const argumentsOf: Guard<{ [key: string]: Json }> = (value): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// At most eight parents and eight mission heads: L4, M2. They bound the work of one commit.
const isEnvelope = fields(
  {
    v: oneOf(1),
    d: isFingerprint,
    q: integer(0, Number.MAX_SAFE_INTEGER),
    l: integer(1, Number.MAX_SAFE_INTEGER),
    ps: list(isSid, 0, 8),
    th: isSid,
    k: kind,
  },
  {
    cid: isFingerprint,
    pq: isSid,
    mh: list(isSid, 1, 8),
    x: argumentsOf,
    e: epochId,
    pc: isSid,
  },
);

/**
 * Reads the envelope line and checks what holds for every kind (R5, R7, R9): field
 * forms, and which fields a genesis, a first commit and a sealed kind have.
 */
export function readEnvelope(line: string, cls: CommitClass, maxBytes: number): Parsed<Envelope> {
  const decoded = decode(line, maxBytes);
  if (!decoded.ok) return decoded;
  const envelope = decoded.value;
  if (!isEnvelope(envelope)) return refused('R5', 'the envelope has a bad form');
  const verdict = checkFields(envelope, cls);
  return verdict.ok ? { ok: true, value: envelope } : verdict;
}

function checkFields(envelope: Envelope, cls: CommitClass): Verdict {
  const { k, q, mh } = envelope;
  const has = (key: keyof Envelope) => Object.hasOwn(envelope, key);
  if ((cls === 'c') !== (k === 'msg')) return refused('R5', 'class and kind do not fit');
  if (has('cid') === (k === 'genesis')) return refused('R7', 'cid is there exactly below genesis');
  if (has('pq') !== q > 0) return refused('R9', 'pq is there exactly for q > 0');
  if (k === 'genesis' && q !== 0) return refused('R7', 'a genesis is a first commit');
  if ((k === 'genesis') !== (envelope.ps.length === 0))
    return refused('R7', 'genesis iff no parents');
  if (has('e') !== (k === 'msg' || k === 'profile'))
    return refused('R5', 'e does not fit the kind');
  if (has('pc') !== (k === 'msg')) return refused('R5', 'pc does not fit the kind');
  if (k === 'msg' && has('x')) return refused('R5', 'a message has no clear arguments');
  if (mh !== undefined && !ascending(mh)) return refused('M2', 'mh is not sorted');
  return accepted;
}

/** Whether texts are in strictly ascending order of code units: sorted, none twice. */
export function ascending(texts: readonly string[]): boolean {
  return texts.every((text, i) => i === 0 || (texts[i - 1] as string) < text);
}
