import { utf8 } from '../codec/bytes.ts';
import { decode, encode } from '../codec/canonical-json.ts';
import { H, H32 } from '../codec/hash.ts';
import { b64u, fields, list, text, type Guard } from '../codec/shape.ts';
import { fromBase64, toB64u, toBase64 } from '../codec/text-form.ts';
import { openText, sealText } from '../crypto/seal.ts';
import type { Engine } from '../ports.ts';
import { refused, type Parsed } from '../verdict.ts';
import { maxParties } from './charter.ts';

/** The words of a charter. The box sees neither them nor their length. */
export interface Names {
  name: string;
  purpose: string;
  /** In the order of the slots; `code` is one or two characters. */
  parties: { code: string; name: string }[];
}

/** Bytes of a names text: bounds what a founding costs the box and each founder. */
const maxNamesBytes = 16_384;
const isNames: Guard<Names & { s: string }> = fields({
  name: text(1, 100),
  purpose: text(0, 2000),
  parties: list(fields({ code: text(1, 8), name: text(1, 100) }), 2, maxParties),
  s: b64u(32),
});

/**
 * The names text of a charter, salted so that its hash does not betray a guess.
 * Throws RangeError for names beyond 16 KiB or outside the form.
 */
export function namesText(engine: Engine, { name, purpose, parties }: Names): string {
  const value = { name, purpose, parties, s: toB64u(engine.random(32)) };
  const written = isNames(value) ? encode(value as never) : '';
  if (written === '' || utf8(written).length > maxNamesBytes) {
    throw new RangeError('the names are too long');
  }
  return written;
}

/** `names` of the charter. */
export function namesHash(namesText: string): string {
  return toB64u(H('names', namesText));
}

/** The names text for those who have the join code; base64. */
export function sealNames(engine: Engine, foundingKey: Uint8Array, namesText: string): string {
  return toBase64(sealText(sealingKey(foundingKey), engine.random(24), namesText));
}

/** Opens sealed names and checks them against the charter's hash and number of parties. */
export function openNames(
  foundingKey: Uint8Array,
  sealed: string,
  charter: { names: string; n: number },
): Parsed<Names> {
  const opened = openNamesText(foundingKey, sealed, charter);
  return opened.ok ? readNames(opened.value, charter) : opened;
}

/** The names text itself, checked the same way: later joiners get it as it is. */
export function openNamesText(
  foundingKey: Uint8Array,
  sealed: string,
  charter: { names: string; n: number },
): Parsed<string> {
  const bytes = fromBase64(sealed);
  if (bytes === undefined) return refused('F1', 'the names are not base64');
  const opened = openText(sealingKey(foundingKey), bytes);
  if (!opened.ok) return opened;
  const read = readNames(opened.value, charter);
  return read.ok ? opened : read;
}

/** Reads a names text, as it also travels in a sealed message to later joiners. */
export function readNames(namesText: string, charter: { names: string; n: number }): Parsed<Names> {
  if (namesHash(namesText) !== charter.names) return refused('F1', 'not the names of the charter');
  const decoded = decode(namesText, maxNamesBytes);
  if (!decoded.ok) return decoded;
  const value: unknown = decoded.value;
  if (!isNames(value)) return refused('F1', 'the names have a bad form');
  const { name, purpose, parties } = value;
  if (parties.length !== charter.n) return refused('F1', 'the names are of other parties');
  return { ok: true, value: { name, purpose, parties } };
}

function sealingKey(foundingKey: Uint8Array): Uint8Array {
  return H32('founding-seal', foundingKey);
}
