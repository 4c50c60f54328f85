import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { Logins, Topics } from './access.ts';
import { AedesBroker } from './aedes-broker.ts';
import { BrokerService } from './broker-service.ts';
import type { BrokerConfig } from './config.ts';
import type { TlsMaterial } from './tls-listener.ts';

export type { Logins, Membership, Topics } from './access.ts';
export { brokerConfig, type BrokerConfig } from './config.ts';
export { topicRights } from './topics.ts';
export type { BrokerService } from './broker-service.ts';
export type { TlsMaterial } from './tls-listener.ts';

/** What the broker needs from the rest of the box. */
export interface BrokerDeps {
  logins: Logins;
  topics: Topics;
  /** Address the TLS port is opened on: `0.0.0.0` or `127.0.0.1`. */
  host: string;
  /** Key and certificate of the TLS port, asked for at each start. */
  tls: () => TlsMaterial;
  clock: Clock;
  log: Logger;
}

/** Makes the broker; nothing is opened before `start`. */
export function createBroker(deps: BrokerDeps, config: BrokerConfig): BrokerService {
  const { host, tls, log } = deps;
  return new BrokerService({ mqtt: new AedesBroker(deps, config), host, tls, log }, config);
}
