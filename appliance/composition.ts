import { fileURLToPath } from 'node:url';
import type { AddressWatch } from '#kernel/addresses.ts';
import type { BoxIdentity } from '#kernel/box-identity.ts';
import { systemClock as clock } from '#kernel/clock.ts';
import type { DataDirectory } from '#kernel/data-directory.ts';
import type { Logger } from '#kernel/log.ts';
import { nodeEngine } from '#kernel/node-engine.ts';
import { nodeHashes } from '#kernel/node-hashes.ts';
import { strictEngine } from '#protocol/crypto/self-test.ts';
import type { BoxConfig } from './config.ts';
import { publishFacts } from './publishing.ts';
import { createBroker, topicRights } from './services/broker/index.ts';
import { createCapacity } from './services/capacity/index.ts';
import { createConference, sfuPorts } from './services/conference/index.ts';
import { createDiscovery } from './services/discovery/index.ts';
import { createFiles } from './services/files/index.ts';
import {
  createGateway,
  createSessions,
  type GatewayService,
  type Mission,
} from './services/gateway/index.ts';
import { createRelay } from './services/relay/index.ts';
import { createSwarm } from './services/swarm/index.ts';
import { createTeardown, farewellRoutes, wasSealed } from './services/teardown/index.ts';
import { Supervisor } from './supervisor/supervisor.ts';

/** Without these the box is of no use to anybody. */
const essential = ['swarm', 'broker', 'gateway'];
const bundleDirectory = fileURLToPath(new URL('../build/web/current', import.meta.url));

/** What all services are made from. */
export interface Ground {
  config: BoxConfig;
  data: DataDirectory;
  addresses: AddressWatch;
  log: Logger;
}

/** A box of one mission, put together. */
export interface Composition {
  supervisor: Supervisor;
  gateway: GatewayService;
  /** Resolves when the wipe of the mission is decided and written down. */
  decided: Promise<void>;
}

/** Constructs every service; nothing is opened yet. */
export async function compose(ground: Ground, identity: BoxIdentity): Promise<Composition> {
  const { config, data, addresses } = ground;
  const engine = await strictEngine(nodeEngine);
  const log = (service: string): Logger => ground.log.child({ service });
  const { listen } = config;
  const path = (below: string): string => data.path(below);
  // On a box for this machine only, relay and conferences stay on loopback too: they take none as that.
  const ipv4 = (): string[] =>
    (listen === 'lan' ? addresses.current() : [])
      .filter(({ family }) => family === 4)
      .map(({ ip }) => ip);

  const sealed = { wasSealed: () => wasSealed(path) };
  const swarm = createSwarm(
    { identity, data, ...sealed, engine, clock, log: log('swarm') },
    config.swarm,
  );
  const mission: Mission = {
    cid: () => swarm.cid(),
    isFounding: () => swarm.isFounding(),
    device: (dfp) => swarm.membership.device(dfp),
    former: (dfp) => swarm.membership.former(dfp),
  };
  const files = createFiles(
    {
      path,
      partiesCount: () => swarm.membership.partiesCount,
      ...sealed,
      clock,
      log: log('files'),
    },
    config.files,
  );
  const sessions = createSessions({ identity, mission, engine, clock }, config.gateway);
  const broker = createBroker(
    {
      logins: sessions,
      topics: topicRights(swarm.membership),
      host: listen === 'lan' ? '0.0.0.0' : '127.0.0.1',
      tls: () => identity.tls(),
      clock,
      log: log('broker'),
    },
    config.broker,
  );
  const openPorts = config.conference.rtcPort === 0 ? [] : [sfuPorts(config.conference)];
  const relay = createRelay({ addresses: ipv4, openPorts, clock }, config.relay);
  const conference = createConference(
    { addresses: ipv4, insiders: swarm.membership, clock, log: log('conference') },
    config.conference,
  );
  publishFacts({ swarm, conference, broker }, ground.log);
  const capacity = createCapacity({ directory: data.root, log: log('capacity') }, config.capacity);
  const decided = Promise.withResolvers<void>();
  const teardown = createTeardown(
    {
      swarm,
      files: config.files.enabled ? files : undefined,
      path,
      signer: identity,
      // Of services that are switched off too: they may have run before.
      claims: () => Object.values(all).flatMap((service) => [...service.claims]),
      onDecided: decided.resolve,
      bundleDirectory,
      hashes: nodeHashes,
      clock,
      log: log('teardown'),
    },
    config.teardown,
  );
  const gateway = createGateway(
    {
      identity,
      addresses,
      people: { mission, sessions },
      health: () => supervisor.health(),
      mounts: [swarm, files, relay, conference, teardown].map((service) => ({
        service,
        routes: service.routes,
      })),
      mqtt: broker,
      listen,
      bundleDirectory,
      clock,
      log: log('gateway'),
    },
    config.gateway,
  );
  const discovery = createDiscovery(
    {
      addresses,
      boxKey: identity.publicKey,
      port: () => gateway.ports.https,
      listen,
      log: log('discovery'),
    },
    config.discovery,
  );
  const all = {
    swarm,
    files,
    broker,
    relay,
    conference,
    capacity,
    teardown,
    gateway,
    discovery,
  };
  const enabled = Object.values(all).filter(({ name }) => config[name as keyof typeof all].enabled);
  const supervisor = new Supervisor(enabled, essential, clock, ground.log);
  return { supervisor, gateway, decided: decided.promise };
}

/** The door of a box that has wiped its mission: the app, and the certificate under the old keys. */
export function composeFarewell(
  { config, addresses, log }: Ground,
  identity: BoxIdentity,
  certificate: Uint8Array,
): GatewayService {
  const says = 'The mission is wiped. The certificate is shown; then the box begins anew.';
  const teardown = { name: 'teardown', health: () => ({ status: 'ok' as const, says }) };
  const gateway = createGateway(
    {
      identity,
      addresses,
      health: () => ({
        status: 'ok',
        services: { teardown: teardown.health(), gateway: gateway.health() },
      }),
      mounts: [{ service: teardown, routes: farewellRoutes(() => certificate) }],
      listen: config.listen,
      bundleDirectory,
      clock,
      log: log.child({ service: 'gateway' }),
    },
    config.gateway,
  );
  return gateway;
}
