import { topicOf } from '#protocol/codec/fingerprint.ts';
import { subjectKey } from '#protocol/identity/certificate.ts';
import { devicesInside, statusOf, type ChildState } from '#protocol/state/child-state.ts';
import { isDeviceEffective, leadsOf, type MissionState } from '#protocol/state/mission-state.ts';
import { subject, unlifted } from '#protocol/state/removal.ts';

/** Who is behind a device that is effective in the mission. */
export interface DeviceIdentity {
  /** Raw Ed25519 key, 32 bytes. */
  key: Uint8Array;
  member: string;
  party: string;
}

/** A swarm as a list of swarms names it. */
export interface SwarmName {
  cid: string;
  /** The mission, for a conversation; absent for the mission itself. */
  parent?: string;
}

/** The states that rights follow from, as they are at this moment. */
export interface States {
  mission(): { cid: string; state: MissionState } | undefined;
  /** A conversation's state. */
  child(cid: string): ChildState | undefined;
  /** The cids of all conversations. */
  children(): readonly string[];
}

/**
 * Who may do what, answered from the newest state each time it is asked: a removed
 * device is refused from the moment its removal is effective here (I4).
 */
export class Membership {
  readonly #states: States;
  readonly #topics = new Map<string, string>();

  constructor(states: States) {
    this.#states = states;
  }

  /** The device's identity; undefined when unknown, revoked, banned, or its member or party is. */
  device(device: string): DeviceIdentity | undefined {
    const state = this.#states.mission()?.state;
    const held = state?.devices.get(device);
    if (state === undefined || held === undefined) return undefined;
    const party = state.members.get(held.member)?.party;
    if (party === undefined || !isDeviceEffective(state, device)) return undefined;
    return { key: subjectKey(held.certificate.c), member: held.member, party };
  }

  /**
   * The device's identity, also of a party that was removed or withdrew: for the record, to which
   * that party is entitled (T1). A device or a person removed by name, such as a lost phone, stays
   * out; unless others banned everybody of a party by name, which would take its record from it.
   */
  former(device: string): DeviceIdentity | undefined {
    const state = this.#states.mission()?.state;
    const held = state?.devices.get(device);
    const member = held && state?.members.get(held.member);
    if (!state || !held || !member || member.claimants !== undefined) return undefined;
    const why = removedAs(state, device);
    if (why === 'left' || (why === 'ban' && hasOthers(state, member.party))) return undefined;
    return { key: subjectKey(held.certificate.c), member: held.member, party: member.party };
  }

  /** The broker's question (`Membership` in its access.ts). */
  member(device: string): { member: string } | undefined {
    return this.device(device);
  }

  /** How many parties the mission has; 0 before it is founded. */
  get partiesCount(): number {
    return this.#states.mission()?.state.parties.size ?? 0;
  }

  /** Whether the device is in a conversation at this moment, not merely invited. */
  isInside(device: string, cid: string): boolean {
    const mission = this.#states.mission();
    const child = this.#states.child(cid);
    if (mission === undefined || child === undefined) return false;
    return devicesInside(child, mission.state).includes(device);
  }

  /** Effective devices of the mission. */
  devices(): string[] {
    const state = this.#states.mission()?.state;
    if (state === undefined) return [];
    return [...state.devices.keys()].filter((device) => isDeviceEffective(state, device));
  }

  /** Whether the device's member is a lead of that party now. */
  isLead(device: string, party: string): boolean {
    const mission = this.#states.mission();
    const member = this.device(device)?.member;
    return (
      mission !== undefined &&
      member !== undefined &&
      leadsOf(mission.state, party).includes(member)
    );
  }

  /** Devices of the leads of a party. */
  leadDevices(party: string): string[] {
    return this.devices().filter((device) => this.isLead(device, party));
  }

  /** Whether the device may fetch from and push to a swarm: the mission, or one it is in or invited to. */
  maySee(device: string, cid: string): boolean {
    const mission = this.#states.mission();
    const identity = this.device(device);
    if (mission === undefined || identity === undefined) return false;
    if (cid === mission.cid) return true;
    const child = this.#states.child(cid);
    if (child === undefined) return false;
    const status = statusOf(child, mission.state, identity.member);
    return status === 'admin' || status === 'member' || status === 'invited';
  }

  /** Whether the device may see announcements of the swarm with this topic name. */
  maySeeTopic(device: string, tp: string): boolean {
    const cid = this.#swarmOf(tp);
    return cid !== undefined && this.maySee(device, cid);
  }

  /** The swarms that the device may see, the mission first. */
  swarmsOf(device: string): SwarmName[] {
    const mission = this.#states.mission();
    if (mission === undefined || this.device(device) === undefined) return [];
    const children = this.#states.children().filter((cid) => this.maySee(device, cid));
    return [{ cid: mission.cid }, ...children.map((cid) => ({ cid, parent: mission.cid }))];
  }

  /** The devices that may see a swarm. */
  devicesOf(cid: string): string[] {
    return this.devices().filter((device) => this.maySee(device, cid));
  }

  #swarmOf(tp: string): string | undefined {
    const known = this.#topics.get(tp);
    if (known !== undefined) return known;
    const mission = this.#states.mission();
    if (mission === undefined) return undefined;
    for (const cid of [mission.cid, ...this.#states.children()]) {
      this.#topics.set(topicOf(cid), cid);
    }
    return this.#topics.get(tp);
  }
}

/** Whether a device or its person was removed by name: by themselves or their party, or by vote alone. */
function removedAs(state: MissionState, device: string): 'left' | 'ban' | undefined {
  const member = state.devices.get(device)?.member ?? '';
  const removals = [subject('device', device), subject('member', member)].flatMap((key) => [
    ...unlifted(state.removals, key),
  ]);
  if (removals.some(({ kind }) => kind === 'left')) return 'left';
  return removals.length > 0 ? 'ban' : undefined;
}

/** Whether a party has a device that nobody removed by name. */
function hasOthers(state: MissionState, party: string): boolean {
  return [...state.devices].some(([device, { member }]) => {
    const isOwn = state.members.get(member)?.party === party;
    return isOwn && removedAs(state, device) === undefined;
  });
}
