import { toB64u } from '#protocol/codec/text-form.ts';
import { issueDevice, issueMember, issueParty } from '#protocol/identity/issue.ts';
import type { Ceremony } from '#protocol/mission/ceremony.ts';
import type { Commitment, Draft, Reveal } from '#protocol/mission/founding.ts';
import type { Engine } from '#protocol/ports.ts';
import type { ProblemCode } from './problem.ts';
import type { Secrets, Self } from './self.ts';

/** A founding as the vault keeps it under `founding`. Bytes are b64u. */
export interface FoundingRecord {
  /** Hash of the box's key. */
  box: string;
  /** Founding key of the join code. */
  fk: string;
  draft: Draft;
  /** The names text of the charter, checked. */
  names: string;
  /** What this device founds with, once it took a party. */
  mine?: OwnFounding;
  /** Set when it ended without a mission. */
  ended?: ProblemCode;
}

/** This party's part of a founding. Kept before anything of it is sent. */
export interface OwnFounding {
  secrets: Secrets;
  displayName: string;
  reveal: Reveal;
  /** L as it was when we revealed: afterwards it may not change any more (F2). */
  list?: Commitment[];
  /** What the person said about the safety code. */
  matches?: 1 | 0;
  /** Raw `found` commit; the first commit of this device, so made exactly once. */
  found?: string;
}

/** Certificates of a new party with this person as its lead, and ρ. */
export async function makeReveal(engine: Engine, self: Self, slot: number): Promise<Reveal> {
  if (!self.party) throw new Error('a founder needs a party key');
  const { device, inbox, member, party } = self;
  return {
    p: await issueParty(engine, party),
    m: await issueMember(engine, party, member, inbox.publicKey),
    d: await issueDevice(engine, member, device.signer, device.agreement.publicKey),
    slot,
    rho: toB64u(engine.random(32)),
  };
}

/** Why a founding cannot go on, if it cannot. */
export function endOf(ceremony: Ceremony): ProblemCode | undefined {
  switch (ceremony.ended?.rule) {
    case undefined:
      return undefined;
    case 'F3':
      return 'FOUNDING_SAME_PARTY';
    case 'F5':
      return 'FOUNDING_DIFFERS';
    case 'F6':
      return 'FOUNDING_CANCELLED';
    default:
      return 'FOUNDING_CHEATED';
  }
}
