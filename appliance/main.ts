import { AddressWatch } from '#kernel/addresses.ts';
import { openBoxIdentity, type BoxIdentity } from '#kernel/box-identity.ts';
import { systemClock as clock } from '#kernel/clock.ts';
import { configRows, configText, readConfig } from '#kernel/config-file.ts';
import { dataRefusal, defaultDataDirectory, openDataDirectory } from '#kernel/data-directory.ts';
import { jsonLogger, terminalLogger, type Logger, type LogLevel } from '#kernel/log.ts';
import { Refusal } from '#kernel/refusal.ts';
import type { BoxHealth } from '#kernel/service.ts';
import { compose, type Composition, type Ground } from './composition.ts';
import { boxConfig, type BoxConfig } from './config.ts';
import { finishEnding } from './ending.ts';
import { helpText, readOptions } from './options.ts';
import { shutdownOnSignal } from './supervisor/shutdown.ts';
import { welcome } from './welcome.ts';

const lookAtAddressesEveryMs = 5_000;

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
  await run({ config, data, addresses: new AddressWatch(log), log });
}

/** One mission after the other, until somebody stops the box. */
async function run(ground: Ground): Promise<void> {
  const { data, addresses, log } = ground;
  const stopping = new AbortController();
  const isStopping = new Promise<void>((resolve) => {
    stopping.signal.addEventListener('abort', () => resolve());
  });
  let present: Composition | undefined;

  /** From the welcome to the decision to wipe; first what an earlier mission left to do. */
  const live = async (on: Ground): Promise<Ground> => {
    if (!(await finishEnding(on, () => openIdentity(on), stopping.signal))) return on;
    const identity = await openIdentity(on);
    const { supervisor, gateway, decided } = (present = await compose(on, identity));
    if (stopping.signal.aborted) return on;
    await supervisor.start();
    const next = { ...on, config: withPorts(on.config, gateway.ports) };
    // A signal during the start: nothing runs that could be welcomed to.
    if (gateway.ports.https === 0 && on.config.gateway.enabled) return next;
    greet(on, identity, present);
    await Promise.race([decided, isStopping]);
    await supervisor.stop();
    return next;
  };
  const missions = (async (): Promise<void> => {
    let on = ground;
    while (!stopping.signal.aborted) on = await live(on);
  })();

  const stop = async (): Promise<void> => {
    stopping.abort();
    try {
      await present?.supervisor.stop();
      await missions;
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
    await missions;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openIdentity({ config, data, addresses }: Ground): Promise<BoxIdentity> {
  try {
    return await openBoxIdentity(data.path('box'), config.discovery.hostName, addresses, clock);
  } catch (error) {
    throw dataRefusal(data.root, error);
  }
}

/** Ports that were free at the first start are used again: people's browsers know them by now. */
function withPorts(config: BoxConfig, { https, http }: { https: number; http: number }): BoxConfig {
  if (https === 0) return config;
  return { ...config, gateway: { ...config.gateway, httpsPort: https, httpPort: http } };
}

function greet(
  { config, addresses }: Ground,
  identity: BoxIdentity,
  { supervisor, gateway }: Composition,
): void {
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
