import { createHash } from 'node:crypto';
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeEngine } from '#kernel/node-engine.ts';
import { nodeHashes } from '#kernel/node-hashes.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { openRecord, type OpenRecord } from '#protocol/export/read-record.ts';
import { bytesInMemory } from '#protocol/export/record-bytes.ts';
import { EndBox } from '../support/end-box.ts';
import { foundOn, talk, type EndPerson } from '../support/end-people.ts';
import { paperFounding } from '../support/founders.ts';
import type { PushAnswer } from '../support/paper-device.ts';
import { roomOnDisk } from '../support/swarm-box.ts';

const hexOf = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex');
let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: EndBox;
let red: EndPerson;
let blue: EndPerson;
let cid: string;
/** Written by a device that had not heard of the close. */
let late: Commit[];

beforeEach(async () => {
  room = await roomOnDisk();
  box = await EndBox.start(join(room.path, 'data'));
  [red, blue] = (await foundOn(() => box, await paperFounding(2))) as [EndPerson, EndPerson];
  cid = await talk([red, blue], ['one']);
  late = [];
  for (const text of ['two', 'three', 'four']) late.push(await red.device.say(cid, text));
  await red.resolve([await red.vote(), await blue.vote()]);
  await red.final();
});
afterEach(async () => {
  await box.close();
  await room.remove();
});

async function record(): Promise<OpenRecord> {
  await box.reaches(red.caller, 'ready');
  const { bytes } = await box.record(red.caller);
  const opened = await openRecord(bytesInMemory(bytes), nodeHashes);
  if (!opened.ok) throw new Error(opened.why);
  return opened.value;
}

/** Which of the late commits a record holds. */
async function lateIn(held: OpenRecord): Promise<string[]> {
  const swarm = await held.swarm(cid);
  if (!swarm.ok) throw new Error(swarm.why);
  const raws = swarm.value.commits.map((raw) => Buffer.from(raw).toString('latin1'));
  return late
    .filter(({ raw }) => raws.includes(Buffer.from(raw).toString('latin1')))
    .map(({ sid }) => sid);
}

test('until the sealing is on the disk nothing is refused, and all of it is in the record', async () => {
  await box.teardown.look();
  await mkdir(box.path('mission/record/sealed.json'), { recursive: true });
  await blue.final();
  await box.teardown.look();
  expect(box.teardown.health().status).toBe('degraded');
  expect((await box.state(red.caller)).step).toBe('sync');
  const { json } = await red.device.push(cid, late);
  expect((json as PushAnswer).ok).toHaveLength(3);
  const file = nodeEngine.random(70_000);
  expect((await box.put(blue.caller, hexOf(file), file)).isFine).toBe(true);

  await rmdir(box.path('mission/record/sealed.json'));
  const held = await record();
  expect(await lateIn(held)).toHaveLength(3);
  expect(held.manifest.files.map(([address]) => address)).toEqual([hexOf(file)]);
});

test('of what comes while the mission is being sealed, what was taken is in the record and nothing else', async () => {
  const files = Array.from({ length: 8 }, () => nodeEngine.random(70_000));
  const answers: Record<string, boolean> = {};
  const put = async (file: Uint8Array): Promise<void> => {
    const { isFine, code } = await box.put(red.caller, hexOf(file), file);
    answers[hexOf(file)] = isFine;
    if (!isFine) expect(code).toBe('FILES_SEALED');
  };
  const said: string[] = [];
  const push = async (commit: Commit): Promise<void> => {
    const { isFine, code, json } = await red.device.push(cid, [commit]);
    if (isFine) said.push(...(json as PushAnswer).ok);
    else expect(code).toBe('SWARM_SEALED');
  };
  const [before, during] = [files.slice(0, 4), files.slice(4)];
  const all = [...before.map(put), push(late[0] as Commit), blue.final()];
  const [second, third] = late.slice(1) as [Commit, Commit];
  all.push(...during.map(put), push(second));
  await Promise.all(all);
  await push(third);
  const held = await record();
  const kept = held.manifest.files.map(([address]) => address);
  expect(kept).toEqual(
    Object.keys(answers)
      .filter((address) => answers[address])
      .sort(),
  );
  expect((await lateIn(held)).sort()).toEqual(said.sort());
});
