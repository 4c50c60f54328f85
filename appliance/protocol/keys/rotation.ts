import { devicesInside, type ChildState } from '../state/child-state.ts';
import { isUsable } from '../state/holders.ts';
import type { MissionState } from '../state/mission-state.ts';
import type { KeyRing } from './key-ring.ts';

/** K8: content commits under one epoch, and its age in days, after which it is changed. */
export const rotateAfter = { messages: 500, days: 7 } as const;

/**
 * The epoch to write under (K4, K12): nobody removed can open it, its key is held, nobody
 * complained about it, and it is not older than the device's own last one. Undefined: the
 * writer makes a new epoch first.
 */
export function epochToWrite(
  state: ChildState,
  mission: MissionState,
  ring: KeyRing,
  lastGeneration: number,
  broken: ReadonlySet<string> = new Set(),
): string | undefined {
  const usable = [...state.epochs.values()].filter(
    ({ generation, id }) =>
      generation >= lastGeneration &&
      ring.key(id) !== undefined &&
      !broken.has(id) &&
      isUsable(state, mission, id),
  );
  const newest = usable.toSorted((a, b) => b.generation - a.generation || (a.id < b.id ? -1 : 1));
  return newest[0]?.id;
}

/** Devices inside that hold no key of the newest epochs, as far as commits show: `share` to them (K6). */
export function devicesWithoutKey(state: ChildState, mission: MissionState): string[] {
  const newest = state.newest.flatMap((eid) => state.epochs.get(eid) ?? []);
  return devicesInside(state, mission).filter((device) => {
    const member = mission.devices.get(device)?.member;
    return !newest.every(
      ({ devices, id }) =>
        devices.includes(device) ||
        state.gifts
          .get(id)
          ?.some(({ class: cls, to }) => to === (cls === 'device' ? device : member)),
    );
  });
}
