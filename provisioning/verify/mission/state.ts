import type { JsonObject } from '../bytes/canonical-json.ts';
import type { Founding } from '../identity/founding.ts';
import type { Op } from '../graph/op.ts';
import type { Ballot } from '../resolve/resolution.ts';
import type { EndState } from '../end/state.ts';

/** A party of the mission. */
export interface Party {
  readonly pfp: string;
  readonly pk: Uint8Array;
  readonly certificate: JsonObject;
  readonly bannedBy: readonly string[];
  readonly isBanned: boolean;
  readonly hasWithdrawn: boolean;
}

/** A person of a party. */
export interface Member {
  readonly mfp: string;
  readonly pk: Uint8Array;
  readonly party: string;
  readonly certificate: JsonObject;
  /** Parties that certified the key; with more than one it is of none (B3). */
  readonly claimed: readonly string[];
  readonly hasLeft: boolean;
  /** Joined alone, and the claim does not stand (J6). */
  readonly isPending: boolean;
  /** Conversations a guest is good for; nothing for everybody else (M12). */
  readonly rooms: readonly string[] | undefined;
  /** Joined alone, by a delegating ticket. */
  readonly isByTicket: boolean;
  readonly isBanned: boolean;
  readonly bannedBy: readonly string[];
}

/** A device of a person. */
export interface Device {
  readonly dfp: string;
  readonly pk: Uint8Array;
  readonly member: string;
  readonly certificate: JsonObject;
  readonly isRevoked: boolean;
  readonly isBanned: boolean;
  readonly bannedBy: readonly string[];
  readonly preKey?: { readonly id: string; readonly x: string };
}

/** Leads a party named. */
export interface Leads {
  readonly m: readonly string[];
  readonly n: number;
  readonly isSuspended: boolean;
}

/** An invitation. */
export interface Ticket {
  readonly certificate: JsonObject;
  readonly ipk: string;
  readonly isDelegating: boolean;
  /** Conversations a guest's ticket names; nothing for other kinds. */
  readonly rooms: readonly string[] | undefined;
  readonly lead: string;
  readonly party: string;
  readonly uses: number;
  readonly admitted: readonly string[];
  readonly isRevoked: boolean;
}

/** What a set of mission commits means. */
export interface MissionState {
  readonly cid: string;
  readonly founding: Founding;
  /** As changed by votes. */
  readonly charter: JsonObject;
  readonly founded: ReadonlySet<string>;
  readonly parties: ReadonlyMap<string, Party>;
  readonly members: ReadonlyMap<string, Member>;
  readonly devices: ReadonlyMap<string, Device>;
  readonly leads: ReadonlyMap<string, Leads>;
  readonly tickets: ReadonlyMap<string, Ticket>;
  /** Keys the first records of a box name; more than one if they are contested (A1). */
  readonly boxKeys: readonly string[];
  /** Images the parties approved. */
  readonly updates: readonly string[];
  readonly ballots: readonly Ballot[];
  readonly agreementKeys: ReadonlySet<string>;
  readonly barred: ReadonlySet<string>;
  readonly closes: readonly Op[];
  readonly isFrozen: boolean;
  readonly end: EndState;
}

/** Whether a party is a unit of the mission. */
export function isPartyEffective({ parties }: MissionState, pfp: string): boolean {
  const party = parties.get(pfp);
  return party !== undefined && !party.isBanned && !party.hasWithdrawn;
}

/** Whether a person counts: certified by one party, neither gone nor banned, the party neither. */
export function isMemberEffective(state: MissionState, mfp: string): boolean {
  const member = state.members.get(mfp);
  if (member === undefined || member.hasLeft || member.isBanned || member.isPending) return false;
  return member.claimed.length === 1 && isPartyEffective(state, member.party);
}

/** Whether a device may write. */
export function isDeviceEffective(state: MissionState, dfp: string): boolean {
  const device = state.devices.get(dfp);
  if (device === undefined || device.isRevoked || device.isBanned) return false;
  return isMemberEffective(state, device.member);
}

/** People who vote for a party now. */
export function leadsOf(state: MissionState, pfp: string): string[] {
  const leads = state.leads.get(pfp);
  if (leads === undefined || leads.isSuspended) return [];
  return leads.m.filter(
    (mfp) => state.members.get(mfp)?.party === pfp && isMemberEffective(state, mfp),
  );
}

/** Parties that count as units of the mission. */
export function unitsOf(state: MissionState): string[] {
  return [...state.parties.keys()].filter((pfp) => isPartyEffective(state, pfp)).sort();
}
