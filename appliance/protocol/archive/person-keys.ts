import { decode, encode, type Json } from '../codec/canonical-json.ts';
import { isFingerprint } from '../codec/fingerprint.ts';
import { b64u, fields, list, text, tuple, type Guard } from '../codec/shape.ts';
import { fromB64u, toB64u } from '../codec/text-form.ts';
import { refused, type Parsed } from '../verdict.ts';

/** A person's keys outside a device: enough to read, and to come back. Never a device's own. */
export interface PersonKeys {
  /** The mission. */
  cid: string;
  /** Code of the party, as its names say it. */
  code: string;
  /** Group keys of conversations, 32 bytes each. */
  epochs: readonly { cid: string; eid: string; key: Uint8Array }[];
  /** Seed of the member key, 32 bytes. */
  member: Uint8Array;
  /** Scalar of the member's inbox, 32 bytes. */
  inbox: Uint8Array;
  /** Name of the mission. */
  mission: string;
  /** Name of the person. */
  name: string;
  /** The names text of the charter. */
  names?: string;
  /** The party's fingerprint. */
  pfp: string;
  /** Seed of the party key, 32 bytes; only with who holds it. */
  party?: Uint8Array;
}

/** Bytes of the largest that is read: about a hundred thousand group keys. */
export const largestKeys = 16_777_216;

const epochId: Guard<string> = (value): value is string =>
  typeof value === 'string' && /^[a-z2-7]{32}$/.test(value);
const isWritten = fields(
  {
    cid: isFingerprint,
    code: text(0, 64),
    epochs: list(tuple(isFingerprint, epochId, b64u(32)), 0, 131_072),
    member: b64u(32),
    inbox: b64u(32),
    mission: text(0, 1024),
    name: text(0, 1024),
    p: isFingerprint,
  },
  { names: text(1, 16_384), party: b64u(32) },
);

/** CJ of the keys. */
export function keysText(keys: PersonKeys): string {
  const { cid, code, epochs, inbox, member, mission, name, names, party, pfp } = keys;
  const written: { [key: string]: Json } = {
    ...{ cid, code, mission, name, p: pfp },
    epochs: epochs.map((epoch) => [epoch.cid, epoch.eid, toB64u(epoch.key)]),
    inbox: toB64u(inbox),
    member: toB64u(member),
    ...(names !== undefined && { names }),
    ...(party && { party: toB64u(party) }),
  };
  return encode(written);
}

/** Inverse of `keysText`. */
export function readKeys(input: string | Uint8Array): Parsed<PersonKeys> {
  const decoded = decode(input, largestKeys);
  if (!decoded.ok) return decoded;
  if (!isWritten(decoded.value)) return refused('R5', 'the keys have a bad form');
  const { cid, code, epochs, inbox, member, mission, name, names, p, party } = decoded.value;
  const keys: PersonKeys = {
    ...{ cid, code, mission, name, pfp: p },
    epochs: epochs.map(([room, eid, key]) => ({ cid: room, eid, key: bytesOf(key) })),
    inbox: bytesOf(inbox),
    member: bytesOf(member),
    ...(names !== undefined && { names }),
    ...(party !== undefined && { party: bytesOf(party) }),
  };
  return { ok: true, value: keys };
}

function bytesOf(written: string): Uint8Array {
  return fromB64u(written, 32) as Uint8Array;
}
