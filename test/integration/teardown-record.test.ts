import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeEngine } from '#kernel/node-engine.ts';
import { nodeHashes } from '#kernel/node-hashes.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { checkProposal } from '#protocol/export/proposal.ts';
import { openRecord } from '#protocol/export/read-record.ts';
import { bytesInMemory } from '#protocol/export/record-bytes.ts';
import { EndBox } from '../support/end-box.ts';
import { closeAll, foundOn, talk, type EndPerson } from '../support/end-people.ts';
import { paperFounding } from '../support/founders.ts';
import type { PaperDevice, PushAnswer } from '../support/paper-device.ts';
import { roomOnDisk } from '../support/swarm-box.ts';

const hexOf = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex');
const reader = '<!doctype html><title>Reader</title>';
const file = new Uint8Array(randomBytes(100_000));
let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: EndBox;
let red: EndPerson;
let blue: EndPerson;
let cid: string;
/** Written before the close and on a device that sends it only after the sealing. */
let late: Commit;
let other: Awaited<ReturnType<PaperDevice['begin']>>;
/** The record as it was first given out. */
let bytes: Uint8Array;

beforeAll(async () => {
  room = await roomOnDisk();
  await mkdir(join(room.path, 'app'));
  await writeFile(join(room.path, 'app', 'reader.html'), reader);
  box = await EndBox.start(join(room.path, 'data'));
  [red, blue] = (await foundOn(() => box, await paperFounding(2))) as [EndPerson, EndPerson];
  cid = await talk([red, blue], ['one', 'two']);
  if (!(await box.put(red.caller, hexOf(file), file)).isFine) throw new Error('no file');
  late = await red.device.say(cid, 'too late');
  other = await red.device.begin([red.caller.member]);
});
afterAll(async () => {
  await box.close();
  await room.remove();
});

test('before the close there is no record, whoever asks for it', async () => {
  expect(await box.state(red.caller)).toEqual({ step: 'open', waited: 0 });
  for (const path of ['record', 'receipt']) {
    const { isFine, code } = await box.doors.ask('GET', `/v1/end/${path}`, { caller: red.caller });
    expect([isFine, code]).toEqual([false, 'TEARDOWN_RECORD_NONE']);
  }
  const certificate = await box.doors.ask('GET', '/v1/end/certificate');
  expect(certificate).toMatchObject({ status: 404, json: { code: 'TEARDOWN_CERTIFICATE_NONE' } });
});

test('when all devices have said their last, one record of everything is proposed', async () => {
  await closeAll([red, blue]);
  const { record, waits } = await box.reaches(blue.caller, 'ready');
  if (!record) throw new Error('no record');
  ({ bytes } = await box.record(red.caller));
  expect(bytes.length).toBe(record.size);
  expect(hexOf(bytes)).toBe(record.h);
  const name = { cid: red.device.missionCid, ...record };
  const key = toB64u(box.identity.publicKey);
  expect(await checkProposal(nodeEngine, key, name)).toBe(true);
  expect(waits).toEqual([red.caller.party, blue.caller.party].sort());
  const opened = await openRecord(bytesInMemory(bytes), nodeHashes);
  if (!opened.ok) throw new Error(opened.why);
  expect(opened.value.r).toBe(record.r);
  expect(opened.value.manifest.files).toEqual([[hexOf(file), file.length]]);
  expect(opened.value.manifest.swarms.map(([of]) => of)).toContain(cid);
  expect(await opened.value.text('reader.html')).toBe(reader);
});

describe('after the sealing', () => {
  test('content, new rooms and files are refused in words, and stay refused after a restart (T8)', async () => {
    const more = new Uint8Array(70_000);
    for (const again of [false, true]) {
      if (again) await box.restart();
      const pushed = await red.device.push(cid, [late]);
      expect(pushed).toMatchObject({ isFine: false, code: 'SWARM_SEALED' });
      expect(pushed.message).toMatch(/closed/);
      const created = await red.device.create([other.genesis]);
      expect(created).toMatchObject({ isFine: false, code: 'SWARM_SEALED' });
      const sent = await box.put(blue.caller, hexOf(more), more);
      expect(sent).toMatchObject({ isFine: false, code: 'FILES_SEALED' });
    }
  });

  test('what the box has already is answered as before', async () => {
    const [known] = [...blue.device.room(cid).replica.commits()].slice(-1);
    if (!known) throw new Error('nothing known');
    const { json } = await blue.device.push(cid, [known]);
    expect((json as PushAnswer).ok).toEqual([known.sid]);
  });

  test('commits of the mission go on, change no byte of the record, and are told apart', async () => {
    const said = await blue.say('dispute', { why: 'refused' });
    const { json, bytes: text } = await box.doors.ask('GET', '/v1/end/receipt', {
      caller: red.caller,
    });
    expect(json).toBe(undefined);
    const { commits } = JSON.parse(Buffer.from(text).toString()) as { commits: string[] };
    expect(commits).toEqual([Buffer.from(said.raw).toString('base64')]);
    expect(Buffer.compare((await box.record(red.caller)).bytes, bytes)).toBe(0);
  });
});

describe('the same bytes come', () => {
  const again = async (): Promise<Uint8Array> => {
    await box.open();
    await box.reaches(red.caller, 'ready');
    return (await box.record(blue.caller)).bytes;
  };
  const at = (name: string): string => box.path(`mission/record/${name}`);

  test.each([
    ['after a restart', () => Promise.resolve()],
    [
      'after a build that was interrupted',
      async () => {
        await rm(at('record.json'));
        await rm(at('record.tar'));
        await writeFile(at('record.tar.part'), bytes.subarray(0, 4096));
      },
    ],
    ['after a power cut between record and proposal', () => rm(at('record.json'))],
    [
      'from a disk that spoiled the record',
      async () => {
        const spoiled = Uint8Array.from(bytes);
        spoiled[spoiled.length >> 1]! ^= 1;
        await writeFile(at('record.tar'), spoiled);
      },
    ],
    ['from a record that lost its end', () => writeFile(at('record.tar'), bytes.subarray(0, 99))],
    [
      'when the app was built anew',
      () => writeFile(join(room.path, 'app', 'reader.html'), 'other'),
    ],
  ])('%s', async (_what, harm) => {
    await box.close();
    await harm();
    expect(Buffer.compare(await again(), bytes)).toBe(0);
  });

  test('or none, when the store has lost something: a second record is never proposed', async () => {
    await box.close();
    const kept = await readFile(at('sealed.json'), 'utf8');
    const other = JSON.parse(kept) as { files: unknown[] };
    await writeFile(at('sealed.json'), JSON.stringify({ ...other, files: [] }));
    await rm(at('record.tar'));
    await box.open();
    await expect.poll(() => box.teardown.health().status).toBe('degraded');
    expect((await box.state(red.caller)).step).toBe('building');
    expect((await box.record(red.caller)).code).toBe('TEARDOWN_RECORD_NONE');
    await box.close();
    await writeFile(at('sealed.json'), kept);
    expect(Buffer.compare(await again(), bytes)).toBe(0);
  });
});

describe('the door of the record', () => {
  test('gives ranges, from the middle to the end too', async () => {
    const part = await box.record(red.caller, 'bytes=1000-1999');
    expect(part).toMatchObject({ status: 206 });
    expect(part.headers['content-range']).toBe(`bytes 1000-1999/${bytes.length}`);
    expect(Buffer.compare(part.bytes, bytes.subarray(1000, 2000))).toBe(0);
    const rest = await box.record(red.caller, `bytes=${bytes.length - 10}-`);
    expect(Buffer.compare(rest.bytes, bytes.subarray(-10))).toBe(0);
  });

  test.each(['bytes=99999999-', 'bytes=5-1', 'bytes=-5', 'items=0-1', 'bytes=0-1,4-5'])(
    'refuses the range %s',
    async (range) => {
      const answer = await box.record(red.caller, range);
      expect(answer).toMatchObject({ status: 416, json: { code: 'TEARDOWN_RANGE_EMPTY' } });
    },
  );

  test('lets no device hold more than its share of downloads', async () => {
    const caller = red.caller;
    const asked = await Promise.all(
      Array.from({ length: 6 }, () => box.doors.ask('GET', '/v1/end/record', { caller })),
    );
    const streams = asked.flatMap(
      (answer) => (answer as { stream?: { destroy(): void } }).stream ?? [],
    );
    expect(streams).toHaveLength(4);
    expect(asked.filter(({ code }) => code === 'TEARDOWN_CROWD')).toHaveLength(2);
    for (const stream of streams) stream.destroy();
    await expect.poll(async () => (await box.record(caller)).isFine).toBe(true);
  });
});
