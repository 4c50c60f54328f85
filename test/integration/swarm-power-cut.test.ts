import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { paperFounding } from '../support/founders.ts';
import { packOf, type PaperDevice, type PushAnswer } from '../support/paper-device.ts';
import { fsck } from '../support/stock-git.ts';
import { foundMission, roomOnDisk, SwarmBox } from '../support/swarm-box.ts';
import type { Orders } from '../support/swarm-victim.ts';

/** Each step takes a process of its own. */
const minutesMs = 180_000;
const victim = fileURLToPath(new URL('../support/swarm-victim.ts', import.meta.url));
let room: Awaited<ReturnType<typeof roomOnDisk>>;
let red: PaperDevice;
let blue: PaperDevice;
let cid: string;
/** What the power fails in: a room's second batch, and a whole new room. */
let second: Commit[];
let fresh: { cid: string; commits: Commit[] };

beforeAll(async () => {
  room = await roomOnDisk();
  const before = join(room.path, 'before');
  const box = await new SwarmBox(before).start();
  const paper = await paperFounding(2);
  [red, blue] = (await foundMission(box, paper)) as [PaperDevice, PaperDevice];
  const begun = await red.begin([red.caller.member, blue.caller.member]);
  cid = begun.cid;
  await red.create([begun.genesis]);
  await blue.sync(cid);
  const joined = await blue.write(cid, { k: 'join', x: {} });
  await red.room(cid).replica.admit([joined]);
  second = [joined, await red.epoch(cid), await red.say(cid, 'one'), await red.say(cid, 'two')];
  const other = await red.begin([red.caller.member]);
  fresh = { cid: other.cid, commits: [other.genesis, await red.epoch(other.cid)] };
  await box.service.stop();
});
afterAll(() => room.remove());

/** Pushes in a process that is killed before a step; what it answered, if it came so far. */
async function cut(dieBefore: number, path: string, commits: Commit[]) {
  const directory = join(room.path, `cut-${path.split('/').length}-${dieBefore}`);
  await mkdir(directory);
  await cp(join(room.path, 'before'), join(directory, 'data'), { recursive: true });
  const orders: Orders = {
    directory: join(directory, 'data'),
    caller: red.caller,
    path,
    packFile: join(directory, 'pack'),
    dieBefore,
  };
  await writeFile(orders.packFile, packOf(commits));
  await writeFile(join(directory, 'orders.json'), JSON.stringify(orders));
  const child = spawn(process.execPath, [victim, join(directory, 'orders.json')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  const answer = said === '' ? undefined : (JSON.parse(said) as PushAnswer);
  return { box: await new SwarmBox(orders.directory).start(), answer };
}

const storedOids = async (box: SwarmBox, of: string): Promise<string[]> => {
  const refs = await box.doors.ask('GET', `/v1/s/${of}/refs`, { caller: red.caller });
  return refs.isFine ? (refs.json as string[][]).map((row) => row[1] as string) : [];
};

test(
  'a power cut at any step of a batch leaves old refs or new ones, and pushing again heals (S138)',
  { timeout: minutesMs },
  async () => {
    const last = { red: second.at(-1) as Commit, blue: second[0] as Commit };
    const outcomes = new Set<string>();
    for (let step = 1; ; step++) {
      const { box, answer } = await cut(step, `/v1/s/${cid}/pack`, second);
      const stored = await storedOids(box, cid);
      const moved = [last.red, last.blue].filter(({ oid }) => stored.includes(oid)).length;
      outcomes.add(`${moved} of 2`);
      if (answer) expect(moved).toBe(2);
      fsck(box.repositoryOf(cid));
      const again = await box.doors.ask('POST', `/v1/s/${cid}/pack`, {
        caller: red.caller,
        body: packOf(second),
      });
      expect((again.json as PushAnswer).ok).toEqual(second.map(({ sid }) => sid));
      expect(await storedOids(box, cid)).toContain(last.red.oid);
      await hasOneReceiptEach(box, cid, second);
      await box.service.stop();
      if (answer) break;
    }
    expect([...outcomes].sort()).toEqual(['0 of 2', '1 of 2', '2 of 2']);
  },
);

test(
  'a power cut while a room is made leaves no half room, and making it again works',
  { timeout: minutesMs },
  async () => {
    for (let step = 1; ; step++) {
      const { box, answer } = await cut(step, '/v1/s', fresh.commits);
      const again = await box.doors.ask('POST', '/v1/s', {
        caller: red.caller,
        body: packOf(fresh.commits),
      });
      expect((again.json as PushAnswer).ok).toEqual(fresh.commits.map(({ sid }) => sid));
      fsck(box.repositoryOf(fresh.cid));
      await hasOneReceiptEach(box, fresh.cid, fresh.commits);
      await box.service.stop();
      if (answer) break;
    }
  },
);

async function hasOneReceiptEach(box: SwarmBox, of: string, commits: Commit[]): Promise<void> {
  const path = join(box.directory, 'mission', 'receipts', `${of}.log`);
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  const sids = lines.map((line) => (JSON.parse(line) as { c: { sid: string } }).c.sid);
  expect(new Set(sids).size).toBe(sids.length);
  expect(sids).toEqual(expect.arrayContaining(commits.map(({ sid }) => sid)));
}
