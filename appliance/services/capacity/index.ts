import { CapacityService, type CapacityDeps } from './capacity-service.ts';
import type { CapacityConfig } from './config.ts';
import { thisMachine } from './systeminformation-machine.ts';

export { capacityConfig, type CapacityConfig } from './config.ts';
export type { CapacityService } from './capacity-service.ts';

/** Makes the capacity service; nothing is measured before `start`. */
export function createCapacity(
  deps: Omit<CapacityDeps, 'machine'>,
  config: CapacityConfig,
): CapacityService {
  return new CapacityService({ ...deps, machine: thisMachine }, config);
}
