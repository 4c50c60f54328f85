import { devicesInside, isInside, statusOf } from '#protocol/state/child-state.ts';
import { isDeviceEffective, type MissionState } from '#protocol/state/mission-state.ts';
import type { OpenRoom } from '../rooms.ts';

/** Who may take part in calls, as this device's own history says; the box is asked for nothing. */
export class Circle {
  readonly #mission: () => MissionState | undefined;
  readonly #room: (cid: string) => OpenRoom | undefined;

  constructor(
    mission: () => MissionState | undefined,
    room: (cid: string) => OpenRoom | undefined,
  ) {
    this.#mission = mission;
    this.#room = room;
  }

  /** The member whose device this is; undefined for strangers and the removed. */
  memberOf(device: string): string | undefined {
    const mission = this.#mission();
    if (!mission || !isDeviceEffective(mission, device)) return undefined;
    return mission.devices.get(device)?.member;
  }

  /** Devices of a member that may be in this conversation's calls. */
  devicesOf(cid: string, member: string): string[] {
    return this.devicesIn(cid).filter((device) => this.memberOf(device) === member);
  }

  /** All devices that may be in this conversation's calls. */
  devicesIn(cid: string): string[] {
    const view = this.#view(cid);
    return view ? devicesInside(view.state, view.mission) : [];
  }

  /** Whether a device may be in this conversation's calls now. */
  isIn(cid: string, device: string): boolean {
    return this.devicesIn(cid).includes(device);
  }

  /** Whether a member is in the conversation. */
  hasMember(cid: string, member: string): boolean {
    const view = this.#view(cid);
    return view !== undefined && isInside(statusOf(view.state, view.mission, member));
  }

  /** The device's signing key and the key to seal mail to, by the mission. */
  keysOf(device: string): { sign: string; seal: Uint8Array } | undefined {
    const known = this.#mission()?.devices.get(device);
    if (!known || this.memberOf(device) === undefined) return undefined;
    return { sign: known.certificate.c.pk, seal: known.agreement };
  }

  #view(cid: string) {
    const swarm = this.#room(cid)?.room.swarm;
    return swarm?.isKnown ? swarm.replica.view() : undefined;
  }
}
