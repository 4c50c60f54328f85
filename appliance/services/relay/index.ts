import { CoturnRelay } from './coturn-relay.ts';
import type { RelayConfig } from './config.ts';
import { NodeTurnRelay } from './node-turn-relay.ts';
import { RelayService } from './relay-service.ts';
import type { TurnDeps } from './turn-provider.ts';

export { relayConfig, type RelayConfig } from './config.ts';
export type { RelayService } from './relay-service.ts';

/** Makes the relay with the engine that the config names; nothing is opened before `start`. */
export function createRelay(deps: TurnDeps, config: RelayConfig): RelayService {
  const Engine = config.engine === 'coturn' ? CoturnRelay : NodeTurnRelay;
  return new RelayService(new Engine(deps, config), config.maxCredentialSeconds);
}
