import { utf8 } from '../codec/bytes.ts';
import { decode, encode } from '../codec/canonical-json.ts';
import { isFingerprint } from '../codec/fingerprint.ts';
import { H32 } from '../codec/hash.ts';
import { b64u, fields, text } from '../codec/shape.ts';
import { fromB64u, toB64u } from '../codec/text-form.ts';
import { refused, type Parsed } from '../verdict.ts';

/** What a printed card says: whoever holds it can read as this person, so it is kept like a key. */
export interface KeyCard {
  /** The mission. */
  cid: string;
  /** Scalar of the member's inbox, 32 bytes. */
  inbox: Uint8Array;
  /** Seed of the member key, 32 bytes. */
  member: Uint8Array;
  /** Name of the mission. */
  mission: string;
  /** Seed of the party key, 32 bytes; only on the card of who holds it. */
  party?: Uint8Array;
}

const prefix = 'parley-card-1.';
/** Characters of the longest card; a QR code holds no more than 2 953 bytes. */
const longestCard = 2_953;
const isCard = fields(
  { cid: isFingerprint, inbox: b64u(32), m: b64u(32), n: text(0, 1024) },
  { p: b64u(32) },
);

/** Text of the card's QR code. */
export function keyCardText({ cid, inbox, member, mission, party }: KeyCard): string {
  const card = {
    cid,
    inbox: toB64u(inbox),
    m: toB64u(member),
    n: mission,
    ...(party && { p: toB64u(party) }),
  };
  return `${prefix}${toB64u(utf8(encode(card)))}`;
}

/** Reads a card, as scanned or typed. */
export function readKeyCard(input: string): Parsed<KeyCard> {
  const written = input.trim();
  if (written.length > longestCard || !written.startsWith(prefix)) {
    return refused('R5', 'this is no key card');
  }
  const bytes = fromB64u(written.slice(prefix.length));
  const decoded = bytes && decode(bytes, longestCard);
  if (decoded?.ok !== true || !isCard(decoded.value)) {
    return refused('R5', 'the key card cannot be read');
  }
  const { cid, inbox, m, n, p } = decoded.value;
  const card: KeyCard = {
    cid,
    inbox: fromB64u(inbox) as Uint8Array,
    member: fromB64u(m) as Uint8Array,
    mission: n,
    ...(p !== undefined && { party: fromB64u(p) as Uint8Array }),
  };
  return { ok: true, value: card };
}

/** The key that opens a key file with the card alone; 32 bytes. */
export function cardKey({ member }: Pick<KeyCard, 'member'>): Uint8Array {
  return H32('archive-card', member);
}
