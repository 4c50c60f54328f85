import type { Node } from '../pack/node.ts';
import { isDeviceEffective, isMemberEffective, type MissionState } from './mission-state.ts';
import { subject, unlifted, type Removal } from './removal.ts';
import type { SwarmState } from './swarm-state.ts';

export type Role = 'admin' | 'member';
export type Status = Role | 'invited' | 'left' | 'banned';

/** Parameters of a conversation, fixed in its genesis. */
export interface ChildGenesis {
  founders: string[];
  guests?: 'member' | 'admin';
  hist: 'all' | 'join' | 'none';
  /** Public key of the join key, in mode 3 only. */
  jpk?: string;
  mode: number;
  nonce: string;
  parent: string;
  post: 'member' | 'admin';
  prof: 'member' | 'admin';
  unit: 'member' | 'party';
}

/** Somebody who was ever a founder or added. */
export interface Person {
  readonly member: string;
  readonly party: string;
  /** Founders and promoted people are granted `admin`. */
  readonly granted: Role;
  readonly demotions: readonly Demotion[];
  readonly hasJoined: boolean;
  /** Invitations that no later one of the same person knew; none of a founder at first. */
  readonly added: readonly string[];
  /** Of a guest: the generation of keys that it may be given from on (M12). */
  readonly since?: number;
  /** Whether a founding or a promotion that stands ever made them admin. */
  readonly wasAdmin: boolean;
  /** Removals, here or in the mission, whose lifting a join of theirs had seen (M9). */
  readonly settled: readonly string[];
}

/** A resolution that takes the role of an admin away; a promotion that knows it lifts it. */
interface Demotion {
  readonly by: string;
  readonly isLifted: boolean;
}

/** A group key as everybody can see it (K1, K2). */
export interface Epoch {
  readonly id: string;
  readonly by: string;
  readonly generation: number;
  readonly parents: readonly string[];
  /** Its author and the recipient devices, of a copied id all of them (K11); sorted. */
  readonly holders: readonly string[];
  /** Hash of the recipients, as in the commit. */
  readonly recipients: string;
  /** Whether links end at it, before a guest comes in (K17). */
  readonly isCut?: true;
  /** Parents whose keys can be opened with this one (K7). */
  readonly back: readonly string[];
}

/** Control state of a conversation. People in it are effective only while the mission has them (M4). */
export interface ChildState extends SwarmState {
  readonly genesis: ChildGenesis;
  readonly people: ReadonlyMap<string, Person>;
  readonly epochs: ReadonlyMap<string, Epoch>;
  /** Epochs that no later one has in its past, sorted (K3). */
  readonly newest: readonly string[];
  /** Per epoch: devices and members who got its key beside the recipients; void gifts count (K11). */
  readonly gifts: ReadonlyMap<string, readonly Gift[]>;
  /** Maximal profile commits (Resolve, step 7). */
  readonly profiles: readonly Profile[];
}

export interface Gift {
  readonly class: 'member' | 'device';
  readonly to: string;
}

interface Profile {
  readonly by: string;
  /** The sealed vCard. */
  readonly blob: Node;
  readonly epoch: string;
}

/** What one is in a conversation, intersected with the mission (step 6, M4, M9). */
export function statusOf(
  child: ChildState,
  mission: MissionState,
  member: string,
): Status | undefined {
  const person = child.people.get(member);
  const above = mission.members.get(member);
  if (person === undefined || above === undefined) return undefined;
  const here = [...held(child, 'member', member), ...held(child, 'party', person.party)];
  const there = [...held(mission, 'member', member), ...held(mission, 'party', person.party)];
  const all = [...here, ...there];
  const open = all.filter((removal) => removal.lifts.length === 0);
  if (open.some((removal) => removal.kind === 'ban')) return 'banned';
  if (open.length > 0 || above.claimants !== undefined || above.isPending) return 'left';
  if (!person.hasJoined || all.some((removal) => !person.settled.includes(removal.by))) {
    return 'invited';
  }
  return roleOf(person);
}

/** The role one has or, once joined, will have. */
export function roleOf(person: Person): Role {
  return person.granted === 'admin' && person.demotions.every(({ isLifted }) => isLifted)
    ? 'admin'
    : 'member';
}

/** Whether somebody is in the conversation, not merely invited. */
export function isInside(status: Status | undefined): status is Role {
  return status === 'admin' || status === 'member';
}

/** Whether a device may act here: known to the mission, its member inside, itself not removed. */
function isDeviceInside(child: ChildState, mission: MissionState, device: string): boolean {
  const member = mission.devices.get(device)?.member;
  return (
    member !== undefined &&
    isDeviceEffective(mission, device) &&
    unlifted(child.removals, subject('device', device)).length === 0 &&
    isInside(statusOf(child, mission, member))
  );
}

/** Devices that an epoch must box to (K2, M7), sorted. */
export function devicesInside(child: ChildState, mission: MissionState): string[] {
  const inside = new Set(
    [...child.people.keys()].filter(
      (member) => isMemberEffective(mission, member) && isInside(statusOf(child, mission, member)),
    ),
  );
  return [...mission.devices]
    .filter(([device, { member }]) => inside.has(member) && isDeviceInside(child, mission, device))
    .map(([device]) => device)
    .sort();
}

/** Epochs that one commit can name; a forked device can make more of them than fit. */
const mostParents = 64;

/** `p` of the next epoch (K3): the newest epochs, of too many those of highest generation. */
export function nextParents({ epochs, newest }: ChildState): readonly string[] {
  if (newest.length <= mostParents) return newest;
  const height = (id: string) => epochs.get(id)?.generation ?? 0;
  return newest
    .toSorted((a, b) => height(b) - height(a) || (a < b ? -1 : 1))
    .slice(0, mostParents)
    .sort();
}

/** `g` of the next epoch (K3). */
export function nextGeneration({ epochs, newest }: ChildState): number {
  return newest.reduce((g, id) => Math.max(g, 1 + (epochs.get(id)?.generation ?? 0)), 1);
}

function held(state: SwarmState, cls: 'member' | 'party', of: string): readonly Removal[] {
  return state.removals.get(subject(cls, of)) ?? [];
}
