import { concat, utf8 } from '../codec/bytes.ts';
import { decode, encode } from '../codec/canonical-json.ts';
import { fields, text } from '../codec/shape.ts';
import { fromB32, fromB64u, toB32, toB64u } from '../codec/text-form.ts';
import type { LinkCode } from '../identity/link.ts';
import { refused, type Parsed } from '../verdict.ts';

/** What a QR code or link says. `box` is the 32-byte hash of the box's key (A1). */
export type JoinCode =
  | {
      kind: 'box';
      box: Uint8Array;
      /** 16 bytes that only the box's own console shows: whoever has them may begin a founding anew. */
      openingKey?: Uint8Array;
    }
  | { kind: 'founding'; box: Uint8Array; foundingKey: Uint8Array }
  | {
      kind: 'ticket';
      box: Uint8Array;
      cid: string;
      pfp: string;
      /** 32 bytes; whoever has them may join (J1). Never stored, logged or sent. */
      secret: Uint8Array;
      mission: string;
      party: string;
    }
  | ({ kind: 'device' } & LinkCode);

const version = 1;
/** A code of the longest names, in a link; anything longer is not ours. */
const maxTextLength = 4096;
const isNaming = fields({ m: text(1, 100), p: text(1, 100) });

/** The code as text: b64u of version, kind, box and what the kind adds. */
export function writeCode(code: JoinCode): string {
  return toB64u(concat(Uint8Array.of(version, kindByte(code)), code.box, ...rest(code)));
}

/** The link for a code; `origin` such as `https://192.168.1.5:8443`. The secret stays in the fragment. */
export function linkFor(origin: string, code: JoinCode): string {
  return `${origin}/#/j/${writeCode(code)}`;
}

/**
 * Reads what a person scanned, pasted or typed: the code alone or a whole link, with
 * blanks around it or line breaks within. The sentence of a refusal is for that person.
 */
export function readCode(scanned: string): Parsed<JoinCode> {
  if (scanned.length > maxTextLength) return refused('J1', 'This is too long to be a code.');
  const bare = scanned.replace(/\s+/g, '');
  if (bare === '') return refused('J1', 'There is no code.');
  const marked = bare.lastIndexOf('/j/');
  const code = marked < 0 ? bare : bare.slice(marked + 3);
  if (!/^[A-Za-z0-9_-]+$/.test(code)) return refused('J1', 'This is not a Parley code.');
  const bytes = fromB64u(code);
  if (bytes === undefined) return refused('J1', 'The end of the code is missing.');
  if (bytes[0] !== version) {
    return refused('J1', 'This is not a Parley code, or it is of another version.');
  }
  return readBytes(bytes);
}

function readBytes(bytes: Uint8Array): Parsed<JoinCode> {
  const cut = refused('J1', 'The end of the code is missing.');
  const box = bytes.slice(2, 34);
  if (box.length < 32) return cut;
  switch (bytes[1] as number) {
    case 0:
      // Without the key it still names the box; a copy may lack it on purpose.
      if (bytes.length === 34) return { ok: true, value: { kind: 'box', box } };
      if (bytes.length < 50) return cut;
      if (bytes.length > 50) return tooLong;
      return { ok: true, value: { kind: 'box', box, openingKey: bytes.slice(34) } };
    case 1:
      if (bytes.length < 66) return cut;
      if (bytes.length > 66) return tooLong;
      return { ok: true, value: { kind: 'founding', box, foundingKey: bytes.slice(34) } };
    case 2:
      return bytes.length < 130 ? cut : readTicket(box, bytes);
    case 3:
      if (bytes.length < 82) return cut;
      if (bytes.length > 82) return tooLong;
      return {
        ok: true,
        value: { kind: 'device', box, keys: bytes.slice(34, 66), n: bytes.slice(66) },
      };
    default:
      return refused('J1', 'This code is for something that this version does not know.');
  }
}

function readTicket(box: Uint8Array, bytes: Uint8Array): Parsed<JoinCode> {
  const decoded = decode(bytes.subarray(130), maxTextLength);
  const naming: unknown = decoded.ok ? decoded.value : undefined;
  if (!isNaming(naming)) return refused('J1', 'The code is damaged or its end is missing.');
  return {
    ok: true,
    value: {
      kind: 'ticket',
      box,
      cid: toB32(bytes.subarray(34, 66)),
      pfp: toB32(bytes.subarray(66, 98)),
      secret: bytes.slice(98, 130),
      mission: naming.m,
      party: naming.p,
    },
  };
}

const tooLong = refused('J1', 'There is something behind the end of the code.');

function kindByte(code: JoinCode): number {
  return { box: 0, founding: 1, ticket: 2, device: 3 }[code.kind];
}

function rest(code: JoinCode): Uint8Array[] {
  switch (code.kind) {
    case 'box':
      return code.openingKey ? [code.openingKey] : [];
    case 'founding':
      return [code.foundingKey];
    case 'device':
      return [code.keys, code.n];
    case 'ticket': {
      const [cid, pfp] = [fromB32(code.cid, 32), fromB32(code.pfp, 32)];
      if (cid === undefined || pfp === undefined) throw new TypeError('not a fingerprint');
      return [cid, pfp, code.secret, utf8(encode({ m: code.mission, p: code.party }))];
    }
  }
}
