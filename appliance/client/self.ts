import { deviceFingerprint, memberFingerprint } from '#protocol/codec/fingerprint.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { scalarKey, type AgreementKey } from '#protocol/crypto/agreement.ts';
import { seedSigner, type Signer } from '#protocol/crypto/sign.ts';
import type { Engine } from '#protocol/ports.ts';
import type { Comparison } from './comparisons.ts';
import type { DeviceKeys } from './ports.ts';

/** A person's secrets on this device, as the vault keeps them; b64u, 32 bytes each. */
export interface Secrets {
  /** Only with the lead who founded for the party. */
  party?: string;
  member: string;
  inbox: string;
  /** Mixed into nonces (K16); of this device alone. */
  device: string;
}

/** Who this device is in its mission, as the vault keeps it under `self`. */
export interface SelfRecord {
  cid: string;
  /** Fingerprint of the party. */
  party: string;
  /** Hash of the box's key, b64u, as the code had it (A1). */
  box: string;
  secrets: Secrets;
  /** As the person wrote it; told to others sealed. */
  displayName: string;
  /** When that was, so that of two devices of one person the later word counts; 0 if absent. */
  namedMs?: number;
  /** Names from the code, until the charter's own text is here. */
  mission: string;
  partyName: string;
  /** The charter's names text, once it was checked against the genesis. */
  names?: string;
  /** The room of all parties, on the device that opened it. */
  general?: string;
  /** Who has signed that the safety code matches; verified when it was kept. */
  compared?: readonly Comparison[];
}

/** Keys and fingerprints of the one who uses this device. */
export interface Self {
  readonly device: DeviceKeys;
  readonly member: Signer;
  readonly inbox: AgreementKey;
  readonly party?: Signer;
  readonly deviceSecret: Uint8Array;
  /** Fingerprints. */
  readonly dfp: string;
  readonly mfp: string;
}

/** Makes the secrets of a new person; those of a party too if `forParty`. */
export function freshSecrets(engine: Engine, forParty: boolean): Secrets {
  const fresh = (): string => toB64u(engine.random(32));
  return {
    ...(forParty && { party: fresh() }),
    member: fresh(),
    inbox: fresh(),
    device: fresh(),
  };
}

/** Keys from the secrets. */
export function selfOf(secrets: Secrets, device: DeviceKeys): Self {
  const member = seedSigner(bytesOf(secrets.member));
  return {
    device,
    member,
    inbox: scalarKey(bytesOf(secrets.inbox)),
    ...(secrets.party !== undefined && { party: seedSigner(bytesOf(secrets.party)) }),
    deviceSecret: bytesOf(secrets.device),
    dfp: deviceFingerprint(device.signer.publicKey),
    mfp: memberFingerprint(member.publicKey),
  };
}

function bytesOf(text: string): Uint8Array {
  const bytes = fromB64u(text, 32);
  if (!bytes) throw new Error('a secret of this device is damaged');
  return bytes;
}
