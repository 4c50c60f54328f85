import {
  encode,
  fields,
  integer,
  listOf,
  oneOf,
  sortedListOf,
  type Json,
  type JsonObject,
} from '../bytes/canonical-json.ts';
import { isStrictKey } from '../bytes/ed25519.ts';
import { fingerprintOf, H } from '../bytes/hash.ts';
import { isSigned } from '../bytes/sshsig.ts';
import { isAgreementKey } from '../bytes/x25519.ts';
import { b64u, bytes32, bytesText, fingerprint, fromB64u } from '../bytes/text-form.ts';
import { must } from '../refusal.ts';

/** A certificate whose form and signatures hold (SWARM §3.2). */
export interface Certificate {
  /** As it was written, for the tree. */
  readonly json: JsonObject;
  readonly c: JsonObject;
  /** Key of the subject. */
  readonly pk: Buffer;
  /** Identity (B3): the second signature of one issuer makes no second certificate. */
  readonly id: string;
}

/** A party's certificate, by itself. */
export function partyCertificate(value: Json | undefined): Certificate & { pfp: string } {
  const made = read(value, 'party', ['pk'], []);
  signatures(made, made.pk);
  return { ...made, pfp: fingerprintOf('fp-party', made.pk) };
}

/** A person's certificate, by the party's key. */
export function memberCertificate(
  value: Json | undefined,
  party: { pk: Uint8Array; pfp: string },
): Certificate & { mfp: string } {
  const made = read(value, 'member', ['pk', 'p', 'x'], ['k', 'rooms']);
  const isGuest = made.c['k'] !== undefined;
  must(isGuest === (made.c['rooms'] !== undefined), 'R5', 'a guest is for named conversations');
  if (isGuest) {
    const rooms = sortedListOf(made.c['rooms'], fingerprint, 32);
    must(made.c['k'] === 1 && rooms.length > 0, 'R5', 'a guest is for named conversations');
  }
  must(made.c['p'] === party.pfp, 'R16', 'the person is certified for another party');
  agreementKey(made.c['x']);
  signatures(made, party.pk);
  differ(made.pk, party.pk);
  return { ...made, mfp: fingerprintOf('fp-member', made.pk) };
}

/** A device's certificate, by its person's key. */
export function deviceCertificate(
  value: Json | undefined,
  member: { pk: Uint8Array; mfp: string },
): Certificate & { dfp: string } {
  const made = read(value, 'device', ['pk', 'x', 'm'], []);
  must(made.c['m'] === member.mfp, 'R16', 'the device is certified for another person');
  agreementKey(made.c['x']);
  signatures(made, member.pk);
  differ(made.pk, member.pk);
  return { ...made, dfp: fingerprintOf('fp-device', made.pk) };
}

/** An invitation, by a lead's key (J2). */
export function ticketCertificate(value: Json | undefined, lead: Uint8Array): Certificate {
  const names = ['cid', 'p', 'ipk', 'kind', 'n', 'rooms', 'serial', 'm'];
  const made = read(value, 'ticket', names, ['dg'], 'ipk');
  fingerprint(made.c['cid']);
  const kind = oneOf(made.c['kind'], 'person', 'open', 'guest');
  const n = integer(made.c['n'], 1, 256);
  const rooms = sortedListOf(made.c['rooms'], fingerprint, 32);
  must(made.c['dg'] === undefined || made.c['dg'] === 1, 'R5', 'a flag is 1');
  must(kind !== 'person' || n === 1, 'R5', 'an invitation of a person is for one');
  must(kind !== 'guest' || rooms.length > 0, 'R5', 'rooms are missing');
  const serial = b64u(H('ticket', made.pk).subarray(0, 16));
  must(made.c['serial'] === serial, 'R5', 'the serial does not follow from the key');
  signatures(made, lead);
  return made;
}

/** The form of a posted certificate, before anybody is asked who signed it. */
export function subjectOf(value: Json | undefined): JsonObject {
  return fields(
    fields(value, ['c', 's', 'w'])['c'],
    ['v', 't', 'id', 'pk'],
    ['p', 'x', 'm', 'k', 'rooms'],
  );
}

/** An X25519 key that passes K10, as text. */
export function agreementKey(value: Json | undefined): string {
  must(isAgreementKey(fromB64u(value, 32)), 'K10', 'a key for boxes is weak');
  return value as string;
}

function read(
  value: Json | undefined,
  t: string,
  names: readonly string[],
  optional: readonly string[],
  keyName = 'pk',
): Certificate {
  const json = fields(value, ['c', 's', 'w']);
  const c = fields(json['c'], ['v', 't', 'id', ...names], optional);
  must(c['v'] === 1 && c['t'] === t, 'R16', `no certificate of a ${t}`);
  bytesText(16)(c['id']);
  if (c['p'] !== undefined) fingerprint(c['p']);
  if (c['m'] !== undefined) fingerprint(c['m']);
  const pk = fromB64u(bytes32(c[keyName]));
  must(isStrictKey(pk), 'R-KEY', 'a key is weak or not in its one form');
  listOf([json['s'], json['w']] as Json[], bytesText(64));
  return { json, c, pk, id: b64u(H('cert', encode(c))) };
}

function signatures({ c, json, pk }: Certificate, issuer: Uint8Array): void {
  const body = encode(c);
  must(
    isSigned(issuer, 'swarm-cert-v1', body, fromB64u(json['s'])),
    'R16',
    'the issuer did not sign',
  );
  must(
    isSigned(pk, 'swarm-pop-v1', body, fromB64u(json['w'])),
    'R16',
    'the key itself did not sign',
  );
}

function differ(a: Uint8Array, b: Uint8Array): void {
  must(!Buffer.from(a).equals(b), 'R16', 'one key stands on two levels');
}
