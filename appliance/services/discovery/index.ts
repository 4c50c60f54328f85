import { bonjourAnnouncer } from './bonjour-discovery.ts';
import type { DiscoveryConfig } from './config.ts';
import { DiscoveryService, type DiscoveryDeps } from './discovery-service.ts';

export { discoveryConfig, type DiscoveryConfig } from './config.ts';
export type { DiscoveryService } from './discovery-service.ts';

/** Makes discovery; nothing is announced before `start`. */
export function createDiscovery(
  deps: Omit<DiscoveryDeps, 'announcer'>,
  config: DiscoveryConfig,
): DiscoveryService {
  return new DiscoveryService({ ...deps, announcer: bonjourAnnouncer }, config);
}
