import { createFastifyServer } from './fastify-server.ts';
import { GatewayService, type GatewayServiceDeps } from './gateway-service.ts';
import type { GatewayConfig } from './config.ts';
import { Sessions, type SessionsDeps } from './login/sessions.ts';

export type { Mission, MissionDevice } from './box-routes.ts';
export { gatewayConfig, type GatewayConfig } from './config.ts';
export type { GatewayService } from './gateway-service.ts';
export type { Sessions } from './login/sessions.ts';

/** What the gateway needs from the rest of the box. */
export type GatewayDeps = Omit<GatewayServiceDeps, 'createServer'>;

/** Makes the gateway; nothing is opened before `start`. */
export function createGateway(deps: GatewayDeps, config: GatewayConfig): GatewayService {
  return new GatewayService({ ...deps, createServer: createFastifyServer }, config);
}

/** Makes the sessions, which the gateway and the broker share. */
export function createSessions(deps: SessionsDeps, config: GatewayConfig): Sessions {
  return new Sessions(deps, config);
}
