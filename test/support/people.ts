import { utf8 } from '#protocol/codec/bytes.ts';
import { sha512 } from '#protocol/codec/digest.ts';
import {
  deviceFingerprint,
  memberFingerprint,
  partyFingerprint,
} from '#protocol/codec/fingerprint.ts';
import { scalarKey, type AgreementKey } from '#protocol/crypto/agreement.ts';
import { seedSigner, type Signer } from '#protocol/crypto/sign.ts';
import type { Chain } from '#protocol/identity/chain.ts';
import { issueDevice, issueMember, issueParty } from '#protocol/identity/issue.ts';
import { seededEngine } from './protocol-ports.ts';

/** A lead of a party with one device; every key follows from the name. */
export interface Lead {
  chain: Chain;
  party: Signer;
  member: Signer;
  device: Signer;
  inbox: AgreementKey;
  deviceKey: AgreementKey;
  pfp: string;
  mfp: string;
  dfp: string;
}

/** 32 bytes that a text fixes. */
export function seedOf(text: string): Uint8Array {
  return sha512(utf8(text)).slice(0, 32);
}

/** The lead that a name fixes, certificates included. */
export async function leadNamed(name: string): Promise<Lead> {
  const engine = seededEngine(name);
  const [party, member, device] = ['party', 'member', 'device'].map((level) =>
    seedSigner(seedOf(`${name} ${level}`)),
  ) as [Signer, Signer, Signer];
  const [inbox, deviceKey] = ['inbox', 'x'].map((use) => scalarKey(seedOf(`${name} ${use}`))) as [
    AgreementKey,
    AgreementKey,
  ];
  const chain: Chain = {
    party: await issueParty(engine, party),
    member: await issueMember(engine, party, member, inbox.publicKey),
    device: await issueDevice(engine, member, device, deviceKey.publicKey),
  };
  return {
    chain,
    party,
    member,
    device,
    inbox,
    deviceKey,
    pfp: partyFingerprint(party.publicKey),
    mfp: memberFingerprint(member.publicKey),
    dfp: deviceFingerprint(device.publicKey),
  };
}
