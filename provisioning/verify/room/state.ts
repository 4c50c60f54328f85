import type { JsonObject } from '../bytes/canonical-json.ts';
import type { Op } from '../graph/op.ts';
import { isDeviceEffective, type MissionState } from '../mission/state.ts';
import type { Ballot } from '../resolve/resolution.ts';

/** What a person is in a conversation, the mission taken into account (M4). */
export type Status = 'admin' | 'member' | 'invited' | 'left' | 'banned' | 'banned-in-mission';

/** A person of a conversation. */
export interface Person {
  readonly mfp: string;
  readonly party: string;
  readonly role: 'admin' | 'member';
  readonly status: Status;
  readonly isFounder: boolean;
  readonly bannedBy: readonly string[];
  /** Commits by which the person is inside now, and by which it was let in. */
  readonly joins: readonly Op[];
  readonly adds: readonly Op[];
  /** Resolutions that the role of an admin rests on; none for founders. */
  readonly promotions: readonly Op[];
}

/** A group key, as far as it can be seen without it. */
export interface Epoch {
  readonly op: Op;
  readonly id: string;
  readonly g: number;
  readonly p: readonly string[];
  readonly r: string;
  /** Devices and people who can open it as far as commits show (K11). */
  readonly devices: ReadonlySet<string>;
  readonly people: ReadonlySet<string>;
  readonly hasEffect: boolean;
}

/** What a set of a conversation's commits means, above what it knows of the mission. */
export interface RoomState {
  readonly cid: string;
  readonly x: JsonObject;
  readonly mission: MissionState;
  readonly people: ReadonlyMap<string, Person>;
  readonly bannedDevices: ReadonlyMap<string, readonly string[]>;
  readonly epochs: ReadonlyMap<string, Epoch>;
  /** Epochs that the next one must name (K3), by id. */
  readonly newest: readonly string[];
  readonly profile: Op | undefined;
  readonly ballots: readonly Ballot[];
  readonly barred: ReadonlySet<string>;
  readonly closes: readonly Op[];
  readonly isFrozen: boolean;
}

/** Whether a person is inside. */
export function isInside({ people }: RoomState, mfp: string): boolean {
  const status = people.get(mfp)?.status;
  return status === 'admin' || status === 'member';
}

/** Whether a device writes and reads here: in the mission, not banned here, its person inside. */
export function isInsideDevice(state: RoomState, dfp: string): boolean {
  const member = state.mission.devices.get(dfp)?.member;
  if (member === undefined || state.bannedDevices.has(dfp)) return false;
  return isDeviceEffective(state.mission, dfp) && isInside(state, member);
}

/** Devices that an epoch must be boxed to (K2). */
export function recipients(state: RoomState): string[] {
  return [...state.mission.devices.keys()].filter((dfp) => isInsideDevice(state, dfp)).sort();
}

/** Whether somebody who can open an epoch was removed (K4 with K11). */
export function hasRemovedHolder(state: RoomState, epoch: Epoch): boolean {
  const isReader = (mfp: string): boolean =>
    ['admin', 'member', 'invited'].includes(state.people.get(mfp)?.status ?? '');
  const isGone = (dfp: string): boolean => {
    const member = state.mission.devices.get(dfp)?.member ?? '';
    if (!isDeviceEffective(state.mission, dfp) || state.bannedDevices.has(dfp)) return true;
    return !isReader(member);
  };
  return [...epoch.devices].some(isGone) || [...epoch.people].some((mfp) => !isReader(mfp));
}
