import { devicesInside, statusOf, type ChildState } from '../state/child-state.ts';
import { isUsable } from '../state/holders.ts';
import { isDeviceEffective, type MissionState } from '../state/mission-state.ts';
import type { KeyRing } from './key-ring.ts';

/** K8: content commits under one epoch, and its age in seconds, after which it is changed. */
const rotateAfter = { messages: 500, seconds: 7 * 24 * 3600 } as const;

/** Whether an epoch has been in use long enough (K8); by whichever device notices first. */
export function isRotationDue(messages: number, ageSeconds: number): boolean {
  return messages >= rotateAfter.messages || ageSeconds >= rotateAfter.seconds;
}

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

/**
 * Devices that hold no key of the newest epochs, as far as commits show: `share` to them (K6).
 * Those inside, and those of founders who are still to join, so that nobody has to be there
 * when they do. Who was banned and let back gets keys only with the join (K17).
 */
export function devicesWithoutKey(state: ChildState, mission: MissionState): string[] {
  const newest = state.newest.flatMap((eid) => state.epochs.get(eid) ?? []);
  const due = [...devicesInside(state, mission), ...devicesOfFounders(state, mission)];
  return due.filter((device) => {
    const member = mission.devices.get(device)?.member;
    return !newest.every(
      ({ holders, id }) =>
        holders.includes(device) ||
        state.gifts
          .get(id)
          ?.some(({ class: cls, to }) => to === (cls === 'device' ? device : member)),
    );
  });
}

function devicesOfFounders(state: ChildState, mission: MissionState): string[] {
  const waiting = new Set(
    [...state.people.values()]
      .filter(({ hasJoined, member }) => !hasJoined && state.genesis.founders.includes(member))
      .filter(({ member }) => statusOf(state, mission, member) === 'invited')
      .map(({ member }) => member),
  );
  return [...mission.devices]
    .filter(([device, { member }]) => waiting.has(member) && isDeviceEffective(mission, device))
    .map(([device]) => device)
    .sort();
}
