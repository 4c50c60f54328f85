// How long the box takes to start, what it takes of memory at rest, and how much of the network a
// first visit takes; beside a bare fastify with the same files, measured in the same run in turn.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstLoadBytes } from '../support/bench/first-load.ts';
import { median, report } from '../support/bench/report.ts';
import { ServerProcess } from '../support/bench/server-process.ts';
import { freePort } from '../support/free-port.ts';

/** The first start warms the disk cache and is not counted; the others are, by their median. */
const COUNTED_STARTS = 5;

const root = fileURLToPath(new URL('../..', import.meta.url));
const directory = await mkdtemp(join(tmpdir(), 'parley-bench-'));

interface Sample {
  startMs: number;
  memoryMiB: number;
  pageKiB: number;
}

async function sample(args: readonly string[], port: number): Promise<Sample> {
  const server = await ServerProcess.start(args, port);
  try {
    const memoryMiB = (await server.idleBytes()) / 2 ** 20;
    const pageKiB = (await firstLoadBytes(new URL('/', server.origin))) / 2 ** 10;
    return { startMs: server.startMs, memoryMiB, pageKiB };
  } finally {
    await server.stop();
  }
}

async function box(): Promise<Sample> {
  const port = await freePort();
  const config = join(directory, 'config.json');
  const sections = {
    gateway: { httpsPort: port, httpPort: 0 },
    broker: { tlsPort: 0 },
    relay: { port: 0 },
    conference: { rtcPort: 0 },
  };
  await writeFile(config, JSON.stringify({ listen: 'loopback', logLevel: 'error', ...sections }));
  const data = join(directory, 'data');
  return sample([join(root, 'appliance/main.ts'), '--data', data, '--config', config], port);
}

async function bareFastify(): Promise<Sample> {
  const port = await freePort();
  const program = join(root, 'test/support/bench/bare-fastify.ts');
  return sample([program, String(port), join(root, 'build/web/current')], port);
}

try {
  await box();
  await bareFastify();
  const ours: Sample[] = [];
  const rival: Sample[] = [];
  for (let round = 0; round < COUNTED_STARTS; round += 1) {
    ours.push(await box());
    rival.push(await bareFastify());
  }
  const row = (name: string, unit: string, pick: (sample: Sample) => number, goal: number) => ({
    name,
    unit,
    ours: median(ours.map(pick)),
    rival: median(rival.map(pick)),
    goal,
  });
  report('start', [
    // Eight services, among them two kinds of child processes, against none.
    row('start until /healthz says ok', 'ms', (one) => one.startMs, 4),
    row('memory of all processes at rest', 'MiB', (one) => one.memoryMiB, 4),
    // The same files: whoever serves them compressed has less than the rival.
    row('first page load', 'KiB', (one) => one.pageKiB, 0.5),
  ]);
} finally {
  await rm(directory, { recursive: true, force: true });
}
