// Headless clients in a few processes against one box, in one conversation: from typed to kept, to
// the box, to readable on all the others; what the box pays for it. Beside stock mosquitto with as
// many subscribers. Arguments: --clients 200 --seconds 600 --rate 2 --processes 3 --burst 2.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FanOut } from '../support/bench/fan-out.ts';
import { LoadCrew } from '../support/bench/load-crew.ts';
import { LoadMember, markOf, nowMs } from '../support/bench/load-member.ts';
import { cpuMs, memoryBytes } from '../support/bench/process-cost.ts';
import { report } from '../support/bench/report.ts';
import { ServerProcess } from '../support/bench/server-process.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';

/** How many are asking to join at a time: a lead has to answer each of them. */
const atOnce = 10;
const mib = 2 ** 20;

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '600' },
    rate: { type: 'string', default: '2' },
    processes: { type: 'string', default: '3' },
    burst: { type: 'string', default: '2' },
  },
});
const [clients, seconds, rate] = [values.clients, values.seconds, values.rate].map(Number) as [
  number,
  number,
  number,
];
const names = Array.from({ length: clients }, (_, n) => `bot${n}`);
const folder = await mkdtemp(join(tmpdir(), 'parley-load-'));
const say = (text: string): void =>
  console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`);

/**
 * Two leads bring in everybody within minutes: what stops a flood of control commits from one device
 * would stop the measurement. Nothing else is changed.
 */
const raised = { swarm: { controlBurstCount: 5000 } };

async function startBox(): Promise<ServerProcess> {
  const port = await freePort();
  const config = join(folder, 'config.json');
  const sections = {
    gateway: { httpsPort: port, httpPort: 0 },
    broker: { tlsPort: 0 },
    relay: { port: 0 },
    conference: { rtcPort: 0, workersCount: 1 },
    ...raised,
  };
  await writeFile(config, JSON.stringify({ listen: 'loopback', logLevel: 'error', ...sections }));
  const main = fileURLToPath(new URL('../../appliance/main.ts', import.meta.url));
  return ServerProcess.start([main, '--data', join(folder, 'data'), '--config', config], port);
}

/** Two leads found a mission; they stay, as people would. */
async function found(origin: string): Promise<[LoadMember, LoadMember]> {
  const rosa = await LoadMember.start('Rosa', folder, origin);
  const bela = await LoadMember.start('Bela', folder, origin);
  await rosa.device.client.propose({
    name: 'Load',
    purpose: '',
    history: 'all',
    addParty: 'all',
    close: 'all',
    wipeAfterHours: 24,
    parties: ['Red', 'Blue'].map((name) => ({ name, code: name.slice(0, 1) })),
  });
  await bela.device.client.enter(rosa.device.view.founding?.joinLink ?? '');
  for (const [slot, one] of [rosa, bela].entries()) {
    await one.device.client.takeParty(slot, one.name);
  }
  for (const one of [rosa, bela]) {
    await one.sees('the safety code', ({ founding }) => founding?.step === 'code');
    await one.device.client.compareCode(true);
  }
  for (const one of [rosa, bela]) await one.device.client.signCharter();
  for (const one of [rosa, bela]) await one.isReady();
  return [rosa, bela];
}

/** Everybody who asks is admitted: on this machine nobody stands between. */
function admitAll(lead: LoadMember): () => void {
  const answered = new Set<string>();
  return lead.device.client.subscribe(() => {
    for (const { id } of lead.device.view.mission?.claims ?? []) {
      if (answered.has(id)) continue;
      answered.add(id);
      lead.device.client.answerClaim(id, true).catch((error: unknown) => {
        answered.delete(id);
        console.error(`admitting: ${String(error)}`);
      });
    }
  });
}

/** Both leads invite and admit half of the people each, some at a time. */
async function joinAll(
  crew: LoadCrew,
  leads: readonly LoadMember[],
  origin: string,
): Promise<void> {
  const links = await Promise.all(
    leads.map(({ device }) => device.client.invite('open', Math.min(clients + 20, 256))),
  );
  for (let at = 0; at < names.length; at += atOnce) {
    const { link = '' } = links[(at / atOnce) % links.length] ?? {};
    await crew.join(names.slice(at, at + atOnce), origin, link);
    say(`${Math.min(at + atOnce, clients)} of ${clients} have joined`);
  }
}

/** Messages at the wanted rate; resolves to the number of the last one. */
async function steadily(send: (n: number) => void): Promise<number> {
  const count = Math.round(seconds * rate);
  const begun = nowMs();
  for (let n = 0; n < count; n += 1) {
    await sleep(Math.max(0, begun + (n * 1000) / rate - nowMs()));
    send(n);
  }
  return count;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

// Before ten minutes of measuring, not after.
if (spawnSync('mosquitto', ['-h']).error)
  throw new Error('the rival is not here: install mosquitto');

const crew = new LoadCrew(Number(values.processes));
const box = await startBox();
try {
  const [rosa, bela] = await found(box.origin);
  const admitting = [rosa, bela].map(admitAll);
  const joinBegun = nowMs();
  await joinAll(crew, [rosa, bela], box.origin);
  const joinSeconds = (nowMs() - joinBegun) / 1000;
  for (const stop of admitting) stop();
  say(`${clients} clients have joined in ${joinSeconds.toFixed(0)} s`);

  const memoryBefore = memoryBytes(box.pid);
  const cpuBefore = cpuMs(box.pid);
  const count = await steadily((n) => crew.write(names[n % names.length] ?? '', n));
  await until('all is at the box', () => crew.written.size >= count, 120_000).catch(() => {
    say(`${count - crew.written.size} messages are not at the box after two minutes`);
  });
  await sleep(2000);
  const ourCpu = cpuMs(box.pid) - cpuBefore;
  const ourMemory = memoryBytes(box.pid);
  const readings = await crew.readings();
  const costs = [...crew.written.values()];
  const ours = ascending(
    readings.flatMap(([mark, at]) => {
      const written = crew.written.get(Number(mark.slice(5)));
      return written ? [at - written.at] : [];
    }),
  );
  const missing = count * clients - ours.length;
  say(`${count} messages, ${ours.length} readings, ${missing} missing`);

  const burst = Number(values.burst);
  const burstBegun = nowMs();
  await crew.burst(count, burst);
  const burstMs = (nowMs() - burstBegun) / (burst * clients);
  say(`burst: ${(1000 / burstMs).toFixed(1)} messages a second admitted`);
  for (const one of [rosa, bela]) await one.device.stop();
  await crew.end();

  const fan = await FanOut.start(clients, folder);
  const fanCpuBefore = cpuMs(fan.pid);
  await steadily((n) => fan.publish(markOf(n)));
  await sleep(2000);
  const fanCpu = cpuMs(fan.pid) - fanCpuBefore;
  const fanMemory = memoryBytes(fan.pid);
  const theirs = ascending(fan.delaysMs);
  await fan.stop();

  const kept = ascending(costs.map(({ keptMs }) => keptMs));
  const sent = ascending(costs.map(({ sentMs }) => sentMs));
  const row = (name: string, unit: string, mine: number, rival: number, goal: number) => ({
    name,
    unit,
    ours: mine,
    rival,
    goal,
  });
  const perReading = (ms: number): number => ms / count / clients;
  report('load', [
    row('typed to kept on the own disk, p50', 'ms', quantile(kept, 0.5), quantile(theirs, 0.5), 50),
    row('typed to kept at the box, p50', 'ms', quantile(sent, 0.5), quantile(theirs, 0.5), 100),
    row(
      'typed to readable on every other, p50',
      'ms',
      quantile(ours, 0.5),
      quantile(theirs, 0.5),
      200,
    ),
    row(
      'typed to readable on every other, p99',
      'ms',
      quantile(ours, 0.99),
      quantile(theirs, 0.99),
      200,
    ),
    row(
      'processor of the box a message and reader',
      'ms',
      perReading(ourCpu),
      perReading(fanCpu),
      100,
    ),
    row('memory of the box at the end', 'MiB', ourMemory / mib, fanMemory / mib, 60),
    row(
      'memory of the box, end beside beginning',
      'MiB',
      ourMemory / mib,
      memoryBefore / mib,
      1.25,
    ),
    row('a message in a burst, until it is admitted', 'ms', burstMs, quantile(theirs, 0.5), 100),
  ]);
} finally {
  await box.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit();
