import { fileURLToPath } from 'node:url';
import { AddressWatch } from '#kernel/addresses.ts';
import { openBoxIdentity, type BoxIdentity } from '#kernel/box-identity.ts';
import { systemClock as clock } from '#kernel/clock.ts';
import { configRows, configText, readConfig } from '#kernel/config-file.ts';
import {
  dataRefusal,
  defaultDataDirectory,
  openDataDirectory,
  type DataDirectory,
} from '#kernel/data-directory.ts';
import { jsonLogger, terminalLogger, type Logger, type LogLevel } from '#kernel/log.ts';
import { nodeEngine } from '#kernel/node-engine.ts';
import { Refusal } from '#kernel/refusal.ts';
import type { BoxHealth } from '#kernel/service.ts';
import { strictEngine } from '#protocol/crypto/self-test.ts';
import { boxConfig, type BoxConfig } from './config.ts';
import { helpText, readOptions } from './options.ts';
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
import { shutdownOnSignal } from './supervisor/shutdown.ts';
import { Supervisor } from './supervisor/supervisor.ts';
import { welcome } from './welcome.ts';

/** Without these the box is of no use to anybody. */
const essential = ['swarm', 'broker', 'gateway'];
const lookAtAddressesEveryMs = 5_000;
const bundleDirectory = fileURLToPath(new URL('../build/web/current', import.meta.url));

/** What all services are made from. */
interface Ground {
  config: BoxConfig;
  data: DataDirectory;
  identity: BoxIdentity;
  addresses: AddressWatch;
  log: Logger;
}

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.help) return void process.stdout.write(helpText);
  const config = await readConfig(options.config, boxConfig);
  if (options.printConfig) {
    return void process.stdout.write(configText(configRows(boxConfig, config)));
  }
  const data = await openDataDirectory(
    options.data ?? defaultDataDirectory(process.env['XDG_STATE_HOME']),
  );
  const log = logger(config.logLevel);
  const addresses = new AddressWatch(log);
  const { hostName } = config.discovery;
  let identity: BoxIdentity;
  try {
    identity = await openBoxIdentity(data.path('box'), hostName, addresses, clock);
  } catch (error) {
    await data.release();
    throw dataRefusal(data.root, error);
  }
  await run({ config, data, identity, addresses, log });
}

async function run(ground: Ground): Promise<void> {
  const { config, data, identity, addresses, log } = ground;
  const { supervisor, gateway } = await compose(ground);
  const stop = async (): Promise<void> => {
    try {
      await supervisor.stop();
    } finally {
      await addresses.stop();
      await data.release();
    }
  };
  shutdownOnSignal(process, stop, clock, log);
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'a mistake of the program; the box stops');
    void stop().finally(() => process.exit(1));
  });
  addresses.start(lookAtAddressesEveryMs);
  try {
    await supervisor.start();
  } catch (error) {
    await stop();
    throw error;
  }
  // A signal during the start: nothing runs that could be welcomed to.
  if (gateway.ports.https === 0 && config.gateway.enabled) return;
  const text = welcome({
    boxKey: identity.publicKey,
    openingKey: identity.openingKey,
    addresses: config.listen === 'lan' ? addresses.current() : [],
    httpsPort: gateway.ports.https,
    fingerprint: identity.fingerprint(),
    missing: missingIn(supervisor.health()),
    colours: process.stdout.isTTY,
  });
  process.stdout.write(text);
}

/** Names of the services that do not run, essential ones never among them after a start. */
function missingIn({ services }: BoxHealth): string[] {
  return Object.keys(services).filter((name) => services[name]?.status === 'failed');
}

/** Constructs every service; nothing is opened yet. */
async function compose(
  ground: Ground,
): Promise<{ supervisor: Supervisor; gateway: GatewayService }> {
  const { config, data, identity, addresses } = ground;
  const engine = await strictEngine(nodeEngine);
  const log = (service: string): Logger => ground.log.child({ service });
  const { listen } = config;
  // On a box for this machine only, relay and conferences stay on loopback too: they take none as that.
  const ipv4 = (): string[] =>
    (listen === 'lan' ? addresses.current() : [])
      .filter(({ family }) => family === 4)
      .map(({ ip }) => ip);

  const swarm = createSwarm({ identity, data, engine, clock, log: log('swarm') }, config.swarm);
  const mission: Mission = {
    cid: () => swarm.cid(),
    isFounding: () => swarm.isFounding(),
    device: (dfp) => swarm.membership.device(dfp),
    former: (dfp) => swarm.membership.former(dfp),
  };
  const files = createFiles(
    {
      path: (below) => data.path(below),
      partiesCount: () => swarm.membership.partiesCount,
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
  const gateway = createGateway(
    {
      identity,
      addresses,
      mission,
      sessions,
      health: () => supervisor.health(),
      mounts: [swarm, files, relay, conference].map((service) => ({
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
  const all = { swarm, files, broker, relay, conference, capacity, gateway, discovery };
  const enabled = Object.values(all).filter(({ name }) => config[name as keyof typeof all].enabled);
  const supervisor = new Supervisor(enabled, essential, clock, ground.log);
  return { supervisor, gateway };
}

function logger(level: LogLevel): Logger {
  if (!process.stderr.isTTY) return jsonLogger(level);
  return terminalLogger(level, (line) => void process.stderr.write(line));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  // A person can act on a Refusal; anything else is our mistake and needs its trace.
  const text = error instanceof Refusal ? error.sentence : String((error as Error).stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exit(error instanceof Refusal ? error.exitCode : 1);
});
