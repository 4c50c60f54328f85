import { decode, encode } from '../codec/canonical-json.ts';
import { isSid } from '../codec/fingerprint.ts';
import { fields, integer, type Guard } from '../codec/shape.ts';
import { refused, type Parsed } from '../verdict.ts';

/** What `s/<tp>/h/<dfp>` holds (SWARM §11.1): a hint, checked against a signed commit after the fetch. */
export interface Announcement {
  /** Commits of the swarm at the box. */
  n: number;
  /** Git name of the device's newest commit. */
  o: string;
  /** Its sequence number. */
  q: number;
  /** Its identity. */
  s: string;
}

/** Bytes of an announcement that are read at all. */
const maxBytes = 512;

const oid: Guard<string> = (value): value is string =>
  typeof value === 'string' && /^[0-9a-f]{40}$/.test(value);
const isAnnouncement: Guard<Announcement> = fields({
  n: integer(0, Number.MAX_SAFE_INTEGER),
  o: oid,
  q: integer(0, Number.MAX_SAFE_INTEGER),
  s: isSid,
});

/** The text of an announcement, canonical. */
export function writeAnnouncement({ n, o, q, s }: Announcement): string {
  return encode({ n, o, q, s });
}

/** Reads an announcement; form only. */
export function readAnnouncement(payload: string | Uint8Array): Parsed<Announcement> {
  const decoded = decode(payload, maxBytes);
  if (!decoded.ok) return decoded;
  const value: unknown = decoded.value;
  return isAnnouncement(value) ? { ok: true, value } : refused('R5', 'not an announcement');
}
