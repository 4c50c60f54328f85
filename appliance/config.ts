import { z } from 'zod';
import { brokerConfig } from './services/broker/config.ts';
import { capacityConfig } from './services/capacity/config.ts';
import { conferenceConfig } from './services/conference/config.ts';
import { discoveryConfig } from './services/discovery/config.ts';
import { filesConfig } from './services/files/config.ts';
import { gatewayConfig } from './services/gateway/config.ts';
import { relayConfig } from './services/relay/config.ts';
import { swarmConfig } from './services/swarm/config.ts';
import { teardownConfig } from './services/teardown/config.ts';

/** The whole config file: what concerns all, then one section a service. */
export const boxConfig = z.strictObject({
  listen: z
    .enum(['lan', 'loopback'])
    .default('lan')
    .describe('Who can reach the box: everybody in the network, or only this machine.'),
  logLevel: z
    .enum(['error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('How much is written to the log on standard error.'),
  swarm: swarmConfig,
  files: filesConfig.prefault({}),
  broker: brokerConfig.prefault({}),
  relay: relayConfig.prefault({}),
  conference: conferenceConfig.prefault({}),
  gateway: gatewayConfig.prefault({}),
  discovery: discoveryConfig.prefault({}),
  capacity: capacityConfig.prefault({}),
  teardown: teardownConfig.prefault({}),
});

/** The settings with every default filled in. */
export type BoxConfig = z.infer<typeof boxConfig>;
