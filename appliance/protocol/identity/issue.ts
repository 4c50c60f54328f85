import { memberFingerprint, partyFingerprint } from '../codec/fingerprint.ts';
import { toB64u } from '../codec/text-form.ts';
import type { Signer } from '../crypto/sign.ts';
import type { Engine } from '../ports.ts';
import { apply, issue } from './certificate.ts';
import type {
  Application,
  Certificate,
  DeviceBody,
  MemberBody,
  PartyBody,
} from './certificate-form.ts';

/** A party's certificate of itself. */
export async function issueParty(engine: Engine, party: Signer): Promise<Certificate<PartyBody>> {
  const body: PartyBody = { v: 1, t: 'party', id: freshId(engine), pk: toB64u(party.publicKey) };
  return issue(await apply(body, party), party);
}

/** What a person hands to a lead: all of the member certificate but the party's signature. */
export function applyAsMember(
  engine: Engine,
  member: Signer,
  of: { party: string; inbox: Uint8Array; guestOf?: readonly string[] },
): Promise<Application<MemberBody>> {
  const body: MemberBody = {
    v: 1,
    t: 'member',
    id: freshId(engine),
    pk: toB64u(member.publicKey),
    p: of.party,
    x: toB64u(of.inbox),
    ...(of.guestOf && { k: 1, rooms: [...of.guestOf] }),
  };
  return apply(body, member);
}

/** A member of a party whose key is at hand, as a founding lead has it. */
export async function issueMember(
  engine: Engine,
  party: Signer,
  member: Signer,
  inbox: Uint8Array,
): Promise<Certificate<MemberBody>> {
  const of = { party: partyFingerprint(party.publicKey), inbox };
  return issue(await applyAsMember(engine, member, of), party);
}

/** A member's certificate for a device whose keys it knows; the device proves possession. */
export async function issueDevice(
  engine: Engine,
  member: Signer,
  device: Signer,
  x: Uint8Array,
): Promise<Certificate<DeviceBody>> {
  const body: DeviceBody = {
    v: 1,
    t: 'device',
    id: freshId(engine),
    pk: toB64u(device.publicKey),
    x: toB64u(x),
    m: memberFingerprint(member.publicKey),
  };
  return issue(await apply(body, device), member);
}

/** 16 random bytes, as every certificate has. */
export function freshId(engine: Engine): string {
  return toB64u(engine.random(16));
}
