import { join } from 'node:path';
import { describe } from 'vitest';
import { openBoxIdentity } from '#kernel/box-identity.ts';
import { systemClock as clock } from '#kernel/clock.ts';
import { silentLogger as log } from '#kernel/log.ts';
import { nodeEngine as engine } from '#kernel/node-engine.ts';
import { nodeHashes as hashes } from '#kernel/node-hashes.ts';
import { brokerConfig, createBroker, topicRights } from '../../appliance/services/broker/index.ts';
import { capacityConfig, createCapacity } from '../../appliance/services/capacity/index.ts';
import { conferenceConfig, createConference } from '../../appliance/services/conference/index.ts';
import { createDiscovery, discoveryConfig } from '../../appliance/services/discovery/index.ts';
import { createFiles, filesConfig } from '../../appliance/services/files/index.ts';
import {
  createGateway,
  createSessions,
  gatewayConfig,
} from '../../appliance/services/gateway/index.ts';
import { createRelay, relayConfig } from '../../appliance/services/relay/index.ts';
import { createSwarm, swarmConfig } from '../../appliance/services/swarm/index.ts';
import { createTeardown, teardownConfig } from '../../appliance/services/teardown/index.ts';
import { serviceContract } from './service.contract.ts';

const addresses = { current: () => [], onChange: () => () => {} };
const ipv4 = (): string[] => ['127.0.0.1'];
const mission = {
  cid: () => undefined,
  isFounding: () => false,
  device: () => undefined,
  former: () => undefined,
};
const identityIn = (directory: string) =>
  openBoxIdentity(join(directory, 'box'), 'parley.local', addresses, clock);

serviceContract('capacity', async (directory) =>
  createCapacity({ directory, log }, capacityConfig.parse({})),
);

serviceContract('discovery', async () =>
  createDiscovery(
    { addresses, boxKey: new Uint8Array(32), port: () => 8443, listen: 'lan', log },
    discoveryConfig.parse({}),
  ),
);

serviceContract('relay', async () =>
  createRelay({ addresses: ipv4, openPorts: [], clock }, relayConfig.parse({ port: 0 })),
);

describe('with coturn', () => {
  serviceContract('relay', async () =>
    createRelay(
      { addresses: ipv4, openPorts: [], clock },
      relayConfig.parse({ port: 0, engine: 'coturn' }),
    ),
  );
});

serviceContract('conference', async () =>
  createConference(
    { addresses: ipv4, insiders: { isInside: () => false }, clock, log },
    conferenceConfig.parse({ rtcPort: 0, workersCount: 1 }),
  ),
);

serviceContract(
  'broker',
  async (directory) => {
    // The identity belongs to the gateway's claims, so it lies elsewhere here.
    const identity = await identityIn(join(directory, '..'));
    return createBroker(
      {
        logins: { verify: () => undefined },
        topics: topicRights({ member: () => undefined, maySeeTopic: () => false }),
        host: '127.0.0.1',
        tls: () => identity.tls(),
        clock,
        log,
      },
      brokerConfig.parse({ tlsPort: 0 }),
    );
  },
  true,
);

serviceContract('files', async (directory) => {
  const path = (below: string): string => join(directory, below);
  return createFiles({ path, partiesCount: () => 2, clock, log }, filesConfig.parse({}));
});

serviceContract('swarm', async (directory) => {
  const identity = await identityIn(join(directory, '..'));
  const data = { path: (below: string) => join(directory, below) };
  return createSwarm({ identity, data, engine, clock, log }, swarmConfig.parse({}));
});

serviceContract('teardown', async (directory) => {
  const signer = await identityIn(join(directory, '..'));
  const path = (below: string): string => join(directory, below);
  // Not started: there is no mission yet.
  const data = { path };
  const swarm = createSwarm({ identity: signer, data, engine, clock, log }, swarmConfig.parse({}));
  return createTeardown(
    {
      ...{ swarm, files: undefined, path, signer, claims: () => [], onDecided: () => {} },
      ...{ bundleDirectory: join(directory, 'none'), hashes, clock, log },
    },
    teardownConfig.parse({}),
  );
});

serviceContract(
  'gateway',
  async (directory) => {
    const identity = await identityIn(directory);
    const config = gatewayConfig.parse({ httpsPort: 0, httpPort: 0 });
    return createGateway(
      {
        identity,
        addresses,
        people: {
          mission,
          sessions: createSessions({ identity, mission, engine, clock }, config),
        },
        health: () => ({ status: 'ok', services: {} }),
        mounts: [],
        mqtt: { handle: (stream) => void stream.destroy() },
        listen: 'loopback',
        bundleDirectory: join(directory, 'none'),
        clock,
        log,
      },
      config,
    );
  },
  true,
);
