import { utf8 } from '../codec/bytes.ts';
import { decode, encode } from '../codec/canonical-json.ts';
import { isFingerprint, isSid } from '../codec/fingerprint.ts';
import { H } from '../codec/hash.ts';
import { b64u, fields, integer, type Guard } from '../codec/shape.ts';
import { fromB64u, toB64u } from '../codec/text-form.ts';
import { verifyBlob } from '../crypto/verify-strict.ts';
import type { Engine } from '../ports.ts';

const isBefore: Guard<string> = (value): value is string => value === '' || isSid(value);
const isLine = fields({
  c: fields({
    cid: isFingerprint,
    p: isBefore,
    sid: isSid,
    t: integer(0, Number.MAX_SAFE_INTEGER),
  }),
  s: b64u(64),
});

/** Bytes of one line; stops work on one that is long. */
const longestLine = 4096;

/**
 * What is wrong with a box's receipts of one swarm (SWARM §11.3), in words; undefined if nothing.
 * Each line names the one before, speaks of a commit that is there, and is signed by the box.
 */
export async function faultOfReceipts(
  engine: Engine,
  text: string,
  of: { cid: string; boxKey: string | undefined; has(sid: string): boolean },
): Promise<string | undefined> {
  const lines = text.split('\n');
  if (lines.pop() !== '') return 'the last line is cut off';
  const key = of.boxKey === undefined ? undefined : fromB64u(of.boxKey, 32);
  let before = '';
  for (const line of lines) {
    const decoded = decode(line, longestLine);
    if (!decoded.ok || !isLine(decoded.value)) return 'a line has a bad form';
    const { c, s } = decoded.value;
    if (c.cid !== of.cid) return 'a line is about another swarm';
    if (c.p !== before) return 'the chain is broken';
    if (!of.has(c.sid)) return 'a line is about a commit that is not there';
    // Without a key that the mission records nobody can say whose signature it must be (A1).
    const signature = fromB64u(s, 64) as Uint8Array;
    if (key && !(await verifyBlob(engine, 'parley-box-v1', key, utf8(encode(c)), signature))) {
      return 'a line is not signed by the box';
    }
    before = toB64u(H('receipt', line));
  }
  return undefined;
}
