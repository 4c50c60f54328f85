import { isDeviceEffective, type MissionState } from '#protocol/state/mission-state.ts';
import type { LocalSwarm } from '../local-swarm.ts';
import type { OpenRoom } from '../rooms.ts';
import type { Self } from '../self.ts';
import type { DeviceView } from './linking-model.ts';

/** A person's own devices that are in the mission, this one first. */
export function ownDevices(
  mission: LocalSwarm<MissionState>,
  rooms: readonly OpenRoom[],
  { dfp, mfp }: Pick<Self, 'dfp' | 'mfp'>,
): DeviceView[] {
  const { state } = mission.replica.view();
  const swarms = rooms.map(({ room }) => room.swarm).filter(({ isKnown }) => isKnown);
  const mine = [...state.devices].filter(([, { member }]) => member === mfp);
  const views = mine.flatMap(([id], at): DeviceView[] => {
    if (!isDeviceEffective(state, id)) return [];
    const newest = [mission, ...swarms].flatMap(({ replica }) => replica.newest(id) ?? []);
    const times = newest.map(({ sid }) => secondsOf([mission, ...swarms], sid));
    const last = Math.max(...times);
    const isThis = id === dfp;
    return [{ id, number: at + 1, isThis, ...(times.length > 0 && { lastMs: last * 1000 }) }];
  });
  return views.sort((a, b) => Number(b.isThis) - Number(a.isThis) || a.number - b.number);
}

function secondsOf(
  swarms: readonly { replica: { commit(sid: string): { seconds: number } | undefined } }[],
  sid: string,
): number {
  return Math.max(0, ...swarms.flatMap(({ replica }) => replica.commit(sid)?.seconds ?? []));
}
