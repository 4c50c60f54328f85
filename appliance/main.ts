import { fileURLToPath } from 'node:url';
import { AddressWatch } from '#kernel/addresses.ts';
import { openBoxIdentity } from '#kernel/box-identity.ts';
import { systemClock } from '#kernel/clock.ts';
import { configRows, configText, readConfig } from '#kernel/config-file.ts';
import { defaultDataDirectory, openDataDirectory } from '#kernel/data-directory.ts';
import { jsonLogger, terminalLogger, type Logger, type LogLevel } from '#kernel/log.ts';
import { nodeEngine } from '#kernel/node-engine.ts';
import { Refusal } from '#kernel/refusal.ts';
import type { Service } from '#kernel/service.ts';
import { strictEngine } from '#protocol/crypto/self-test.ts';
import { boxConfig, type BoxConfig } from './config.ts';
import { helpText, readOptions } from './options.ts';
import { createBroker, topicRights } from './services/broker/index.ts';
import { createCapacity } from './services/capacity/index.ts';
import { createConference, sfuPorts } from './services/conference/index.ts';
import { createDiscovery } from './services/discovery/index.ts';
import { createGateway, createSessions, type Mission } from './services/gateway/index.ts';
import { createRelay } from './services/relay/index.ts';
import { shutdownOnSignal } from './supervisor/shutdown.ts';
import { Supervisor } from './supervisor/supervisor.ts';
import { welcome } from './welcome.ts';

/** Without these the box is of no use to anybody. */
const essential = ['swarm', 'broker', 'gateway'];
const lookAtAddressesEveryMs = 5_000;
const bundleDirectory = fileURLToPath(new URL('../build/web/current', import.meta.url));

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.help) return void process.stdout.write(helpText);
  const config = await readConfig(options.config, boxConfig);
  if (options.printConfig) {
    return void process.stdout.write(configText(configRows(boxConfig, config)));
  }
  await run(config, options.data ?? defaultDataDirectory(process.env['XDG_STATE_HOME']));
}

async function run(config: BoxConfig, dataPath: string): Promise<void> {
  const log = logger(config.logLevel);
  const data = await openDataDirectory(dataPath);
  const addresses = new AddressWatch(log);
  const { hostName } = config.discovery;
  const identity = await openBoxIdentity(data.path('box'), hostName, addresses, systemClock);
  const engine = await strictEngine(nodeEngine);
  const child = (service: string): Logger => log.child({ service });
  const clock = systemClock;
  const { listen } = config;

  const mission: Mission = {
    cid: () => undefined,
    isFounding: () => false,
    device: () => undefined,
  };
  const sessions = createSessions({ identity, mission, engine, clock }, config.gateway);
  const broker = createBroker(
    {
      logins: sessions,
      topics: topicRights({ member: () => undefined, maySeeTopic: () => false }),
      host: listen === 'lan' ? '0.0.0.0' : '127.0.0.1',
      tls: () => identity.tls(),
      clock,
      log: child('broker'),
    },
    config.broker,
  );
  const ipv4 = (): string[] =>
    addresses
      .current()
      .filter(({ family }) => family === 4)
      .map(({ ip }) => ip);
  const openPorts = config.conference.rtcPort === 0 ? [] : [sfuPorts(config.conference)];
  const relay = createRelay({ addresses: ipv4, openPorts, clock }, config.relay);
  const conference = createConference(
    { addresses: ipv4, log: child('conference') },
    config.conference,
  );
  const capacity = createCapacity(
    { directory: data.root, log: child('capacity') },
    config.capacity,
  );
  const gateway = createGateway(
    {
      identity,
      addresses,
      mission,
      sessions,
      health: () => supervisor.health(),
      mounts: [],
      mqtt: broker,
      listen,
      bundleDirectory,
      clock,
      log: child('gateway'),
    },
    config.gateway,
  );
  const discovery = createDiscovery(
    {
      addresses,
      boxKey: identity.publicKey,
      port: () => gateway.ports.https,
      listen,
      log: child('discovery'),
    },
    config.discovery,
  );
  const all = { broker, relay, conference, capacity, gateway, discovery };
  const supervisor = new Supervisor(enabledOf(all, config), essential, clock, log);

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
  process.stdout.write(
    welcome({
      boxKey: identity.publicKey,
      addresses: listen === 'lan' ? addresses.current() : [],
      httpsPort: gateway.ports.https,
      fingerprint: identity.fingerprint(),
      colours: process.stdout.isTTY,
    }),
  );
}

function enabledOf(all: Record<string, Service>, config: BoxConfig): Service[] {
  const sections: Record<string, unknown> = config;
  return Object.values(all).filter(({ name }) => {
    const section = sections[name] as { enabled?: boolean } | undefined;
    return section?.enabled !== false;
  });
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
