// What a long conversation costs: fetched, checked and opened by a device that has nothing, in Node
// and in Chromium; written to; judged commit by commit; taken by the box. Beside stock git.
// Arguments: --commits 10000 --rounds 3 --seed 1 --logged 200.
import { parseArgs } from 'node:util';
import { median, report, type Measure } from '../support/bench/report.ts';
import { BoxUnderTest } from '../support/bench/swarm/box-under-test.ts';
import { builtPage, cloneInChromium } from '../support/bench/swarm/chromium.ts';
import { bytesOf, madeSwarm, type MadeSwarm } from '../support/bench/swarm/made-swarm.ts';
import { cloneInNode, diskBytes, type NodeDevice } from '../support/bench/swarm/node-device.ts';
import { takenByBox, takenByGit, writtenPushes } from '../support/bench/swarm/one-push-each.ts';
import { resolvingCosts } from '../support/bench/swarm/resolving.ts';
import { StockRival } from '../support/bench/swarm/stock-rival.ts';

/** Commits of the short history that a long one is measured against. */
const few = 100;
/** Messages of which the median counts. */
const messages = 31;
/** Commits that box and stock git take one by one. */
const pushes = 200;

const { values } = parseArgs({
  options: {
    commits: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    logged: { type: 'string', default: '200' },
  },
});
const [commits, rounds, seed, logged] = [
  values.commits,
  values.rounds,
  values.seed,
  values.logged,
].map(Number) as [number, number, number, number];
const say = (text: string): void =>
  console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`);
const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

/** Median from typed until the box has it on its disk and has told the others. */
async function messageMs({ room, sync }: NodeDevice): Promise<number> {
  const { signal } = new AbortController();
  const taken: number[] = [];
  for (let n = 0; n < messages; n += 1) {
    const begun = performance.now();
    await room.say('text/plain', { body: `message ${n}` });
    // The box answers when the receipt is on its disk and the head was announced.
    if (!(await sync.push(room.swarm, signal))) throw new Error('the box did not take a message');
    taken.push(performance.now() - begun);
  }
  return median(taken);
}

/** A device on a box with another history, for one measurement. */
async function withShortHistory<T>(task: (device: NodeDevice) => Promise<T>): Promise<T> {
  const { made, store } = await madeSwarm(few, seed);
  const box = await BoxUnderTest.start(store);
  try {
    const device = await cloneInNode(box.origin, made);
    const result = await task(device);
    await device.remove();
    return result;
  } finally {
    await box.stop();
  }
}

async function cloning(box: BoxUnderTest, made: MadeSwarm, stock: StockRival): Promise<Measure[]> {
  const samples: Record<'node' | 'chromium' | 'newest' | 'stock', number[]> = {
    node: [],
    chromium: [],
    newest: [],
    stock: [],
  };
  for (let round = 0; round < rounds; round += 1) {
    const device = await cloneInNode(box.origin, made);
    await device.remove();
    const [cloneMs, verifyMs] = [await stock.cloneMs(), stock.verifyMs()];
    const page = await cloneInChromium(box.origin, made);
    if (page.lines !== made.messages) throw new Error(`Chromium read ${page.lines} lines`);
    samples.node.push(device.wholeMs);
    samples.stock.push(cloneMs + verifyMs);
    samples.chromium.push(page.wholeMs);
    samples.newest.push(page.newestMs);
    say(
      `Node ${ms(device.wholeMs)}, Chromium ${ms(page.wholeMs)}, stock clone ${ms(cloneMs)} and signatures ${ms(verifyMs)}`,
    );
  }
  const [node, chromium] = [median(samples.node), median(samples.chromium)];
  const logMs = await stock.logMs(Math.min(logged, made.commits));
  say(`git log --show-signature over ${logged} commits, as for all: ${ms(logMs)}`);
  const row = measureIn('ms');
  return [
    row('clone, check, open in Node; stock clone and signatures', node, median(samples.stock), 2),
    row('the same; git log --show-signature', node, logMs, 1 / 50),
    row('clone, check, open in Chromium; in Node', chromium, node, 4),
    row('newest message readable in Chromium; the whole', median(samples.newest), chromium, 0.1),
  ];
}

function measureIn(unit: string) {
  return (name: string, ours: number, rival: number, goal: number): Measure => ({
    ...{ name, unit, ours, rival, goal },
  });
}

const { made, store } = await madeSwarm(commits, seed);
say(`${made.commits} commits, ${made.messages} messages, ${made.textBytes} bytes of text`);
const page = await builtPage();
const box = await BoxUnderTest.start(store, page.path);
try {
  const stock = new StockRival(box.repository(made.room), made.history.room.map(bytesOf));
  const rows = await cloning(box, made, stock);

  const device = await cloneInNode(box.origin, made);
  const plain = made.textBytes / made.messages;
  const perMessage = (bytes: number): number => bytes / made.messages;
  const wire = perMessage(device.received);
  const onDevice = perMessage(await device.diskBytes());
  const onBox = perMessage(await diskBytes(box.repository(made.room)));

  const longMs = await messageMs(device);
  const shortMs = await withShortHistory(messageMs);
  say(`a message: ${ms(longMs)} after ${made.commits} commits, ${ms(shortMs)} after ${few}`);

  const { dfp, mfp: member, pfp: party } = made.reader;
  const one = await writtenPushes(device, dfp, pushes);
  const theirs = await takenByGit(box.repository(made.room), dfp, one);
  const ours = await takenByBox(box, { device: dfp, member, party }, made.room, one);
  const perSecond = (cost: number): string => (1000 / cost).toFixed(0);
  say(`commits a second and core: box ${perSecond(ours.cpuMs)}, git ${perSecond(theirs.cpuMs)}`);
  await device.remove();

  const runs: number[][] = [];
  for (let run = 0; run < 3; run += 1) runs.push(await resolvingCosts(made));
  // What else runs on the machine only adds, and so does the compiler at the beginning.
  const tenths = (runs[0] ?? []).map((_cost, at) => Math.min(...runs.map((run) => run[at] ?? 0)));
  say(`a commit in each tenth: ${tenths.map((cost) => cost.toFixed(2)).join(' ')} ms`);

  const [time, bytes] = [measureIn('ms'), measureIn('bytes')];
  report('swarm', [
    ...rows,
    time(`a message, typed to announced; after ${few} commits`, longMs, shortMs, 1.5),
    time('judging a commit, last tenth; first tenth', tenths.at(-1) ?? 0, tenths[0] ?? 0, 1.5),
    time('box takes a commit, processor; git receive-pack', ours.cpuMs, theirs.cpuMs, 1),
    time('box takes a commit, clock; git receive-pack', ours.wallMs, theirs.wallMs, 1),
    bytes('a message on the wire; its text', wire, plain, 40),
    bytes('a message on the disk of a device; its text', onDevice, plain, 40),
    bytes('a message on the disk of the box; its text', onBox, plain, 100),
  ]);
} finally {
  await box.stop();
  await page.remove();
}
process.exit();
