// A process of the load benchmark: several headless clients, ordered about by messages of the parent.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoadMember, markOf } from './load-member.ts';

/** What the parent asks for. */
export type Order =
  | { t: 'join'; names: readonly string[]; origin: string; link: string }
  | { t: 'write'; name: string; n: number }
  | { t: 'burst'; first: number; each: number }
  | { t: 'readings' }
  | { t: 'end' };

/** What the worker tells. */
export type Report =
  | { t: 'done' }
  | { t: 'wrote'; n: number; at: number; keptMs: number; sentMs: number }
  | { t: 'readings'; read: readonly (readonly [mark: string, atMs: number])[] }
  | { t: 'failed'; why: string };

const folder = await mkdtemp(join(tmpdir(), 'parley-load-'));
const members = new Map<string, LoadMember>();
const tell = (report: Report): void => void process.send?.(report);

process.on('message', (order: Order) => {
  carryOut(order).catch((error: unknown) => tell({ t: 'failed', why: String(error) }));
});
// A parent that died leaves nothing behind.
process.once('disconnect', () => void end());

async function carryOut(order: Order): Promise<void> {
  switch (order.t) {
    case 'join':
      await Promise.all(order.names.map((name) => join1(name, order)));
      return tell({ t: 'done' });
    case 'write': {
      const at = performance.timeOrigin + performance.now();
      const cost = await members.get(order.name)?.write(markOf(order.n));
      return cost && tell({ t: 'wrote', n: order.n, at, ...cost });
    }
    case 'burst': {
      let n = order.first;
      const all = [...members.values()].map(async (member) => {
        for (let i = 0; i < order.each; i += 1) {
          await member.device.client.send(member.room, markOf((n += 1)));
        }
        await member.sent();
      });
      await Promise.all(all);
      return tell({ t: 'done' });
    }
    case 'readings': {
      const read = [...members.values()].flatMap((member) => {
        member.lookAtAll();
        return [...member.read];
      });
      return tell({ t: 'readings', read });
    }
    case 'end':
      return end();
  }
}

async function join1(name: string, { link, origin }: { link: string; origin: string }) {
  const member = await LoadMember.start(name, folder, origin, addressOf(name));
  members.set(name, member);
  await member.device.client.enter(link);
  await member.device.client.join(name);
  await member.isReady();
}

/** Everybody comes from an address of their own, as on a network: limits count by it. */
function addressOf(name: string): string {
  const n = Number(name.slice('bot'.length)) + 1;
  return `127.0.${1 + Math.floor(n / 200)}.${1 + (n % 200)}`;
}

async function end(): Promise<void> {
  for (const { device } of members.values()) await device.stop();
  await rm(folder, { recursive: true, force: true });
  process.exit();
}
