import type { RelayConfig } from './config.ts';
import { NodeTurnRelay, type NodeTurnDeps } from './node-turn-relay.ts';
import { RelayService } from './relay-service.ts';

export { relayConfig, type RelayConfig } from './config.ts';
export type { NodeTurnDeps as RelayDeps } from './node-turn-relay.ts';
export type { RelayService } from './relay-service.ts';
export type { TurnCredentials, TurnProvider } from './turn-provider.ts';

/** Makes the relay; nothing is opened before `start`. */
export function createRelay(deps: NodeTurnDeps, config: RelayConfig): RelayService {
  return new RelayService(new NodeTurnRelay(deps, config));
}
