import type {
  Certificate,
  DeviceBody,
  MemberBody,
  PartyBody,
  TicketBody,
} from '../identity/certificate-form.ts';
import type { GenesisArguments } from '../mission/genesis.ts';
import type { End } from './end.ts';
import type { Rules } from './rules.ts';
import { digest, subject, unlifted, type Class } from './removal.ts';
import type { SwarmState } from './swarm-state.ts';

/** A founding party or one that was voted in. Always a unit until removed or withdrawn (V11). */
export interface Party {
  readonly certificate: Certificate<PartyBody>;
  /** Place among the parties, from 0. */
  readonly slot: number;
  /** The device that its reveal names, which alone may write its `found`. */
  readonly device: string;
  readonly hasFound: boolean;
  readonly leads: Leads;
}

/** Who speaks for a party: its newest `leads`, or the lead it was founded with (n = 0). */
export interface Leads {
  readonly n: number;
  readonly members: readonly string[];
  /** Commits that say so; the next `leads` must know them all. */
  readonly by: readonly string[];
  /** Whether different lists exclude each other; silent until the next one (V11). */
  readonly isSuspended: boolean;
}

/** A person whose certificate was introduced. */
export interface Member {
  /** Of several for one key that which comes first in topological order, ties by sid (B3). */
  readonly certificate: Certificate<MemberBody>;
  readonly party: string;
  /** All parties that certified this key, sorted, if they are more than one: then it is no one's. */
  readonly claimants?: readonly string[];
  /** The delegating ticket, if they joined by themselves (J5). */
  readonly ticket?: string;
  /** Whether that claim does not stand, until a lead admits them (J6, J7). */
  readonly isPending?: true;
}

/** A device whose certificate was introduced. */
export interface Device {
  readonly certificate: Certificate<DeviceBody>;
  readonly member: string;
  /** The newest X25519 key to box to (K15), 32 bytes. */
  readonly agreement: Uint8Array;
  readonly pre?: PreKey;
}

/** A device's newer X25519 key (K9, K15). */
export interface PreKey {
  readonly id: string;
  readonly x: string;
}

/** An invitation in writing (J2). */
export interface Ticket {
  readonly certificate: Certificate<TicketBody>;
  /** Members admitted with it. */
  readonly admitted: readonly string[];
  readonly isRevoked: boolean;
}

/** Control state of the mission swarm: who is who, and what the charter lets them do. */
export interface MissionState extends SwarmState {
  readonly genesis: GenesisArguments;
  readonly parties: ReadonlyMap<string, Party>;
  readonly members: ReadonlyMap<string, Member>;
  readonly devices: ReadonlyMap<string, Device>;
  readonly tickets: ReadonlyMap<string, Ticket>;
  /** First records of the box's public key, b64u, by `sid`; none of them knew another (A1). */
  readonly boxes: ReadonlyMap<string, string>;
  /** Keys of the box that votes chose, b64u, by resolution; they outrank first records. */
  readonly chosenBoxes: ReadonlyMap<string, string>;
  /** Changed rules of the charter; `charterOf` says how it stands. */
  readonly rules: Rules;
  /** Hashes of approved updates of the box, b32, sorted. */
  readonly updates: readonly string[];
  /** Claims of delegating tickets that do not stand, by sid, sorted (J6, J7). */
  readonly pendingClaims: readonly string[];
  /** What was said after the close. */
  readonly end: End;
}

/**
 * The box's key as the mission records it, b64u. Concurrent records that differ make it
 * `contested`: no key counts, and whoever joined keeps to the key of the own code (A1).
 */
export function recordedBox(state: MissionState): string | undefined {
  const [key, ...others] = boxKeys(state);
  return others.length === 0 ? key : contested;
}

/** What `recordedBox` says instead of a key; no key is written so. */
export const contested = 'contested';

/** The keys that votes chose or, if none did, that standing first records name; sorted. */
export function boxKeys({ boxes, chosenBoxes }: MissionState): string[] {
  return [...new Set((chosenBoxes.size > 0 ? chosenBoxes : boxes).values())].sort();
}

/** Whether a ticket still admits somebody (J5, J7). */
export function isOpen({ admitted, certificate, isRevoked }: Ticket): boolean {
  return !isRevoked && admitted.length < certificate.c.n;
}

/** Neither removed nor withdrawn: a voting unit (V11). */
export function isPartyEffective(state: MissionState, party: string): boolean {
  return state.parties.has(party) && isIn(state, 'party', party);
}

/** Introduced, not pending, not removed, and of one effective party, not of several (B3). */
export function isMemberEffective(state: MissionState, member: string): boolean {
  const held = state.members.get(member);
  if (held === undefined || held.claimants !== undefined || held.isPending) return false;
  return isIn(state, 'member', member) && isPartyEffective(state, held.party);
}

/** One text for all that a conversation's own state takes from the mission (L10). */
export function worldOf({ members, removals }: MissionState): string {
  const known = claims.get(members);
  if (known !== undefined) return `${digest(removals)}#${known}`;
  const doubtful = [...members].filter(([, { claimants, isPending }]) => claimants || isPending);
  const text = doubtful
    .map(([member, { isPending, party }]) => `${member}:${isPending ? 'pending' : party}`)
    .sort();
  claims.set(members, text.join());
  return `${digest(removals)}#${text.join()}`;
}

const claims = new WeakMap<MissionState['members'], string>();

/** Introduced, neither revoked nor banned, and of an effective member. */
export function isDeviceEffective(state: MissionState, device: string): boolean {
  const held = state.devices.get(device);
  return (
    held !== undefined && isIn(state, 'device', device) && isMemberEffective(state, held.member)
  );
}

/** Members who may speak for the party now: listed, effective, and not suspended (V11). */
export function leadsOf(state: MissionState, party: string): readonly string[] {
  const held = state.parties.get(party);
  if (held === undefined || held.leads.isSuspended || !isPartyEffective(state, party)) return [];
  return held.leads.members.filter(
    (member) => state.members.get(member)?.party === party && isMemberEffective(state, member),
  );
}

/** Whether all founding parties stand behind the genesis (F4). */
export function isFounded(state: MissionState): boolean {
  return [...state.parties.values()].every((party) => party.hasFound);
}

function isIn(state: MissionState, cls: Class, fingerprint: string): boolean {
  return unlifted(state.removals, subject(cls, fingerprint)).length === 0;
}
