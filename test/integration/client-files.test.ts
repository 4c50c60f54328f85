import { createHash, randomBytes } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileView } from '#client/call-model.ts';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { freePort } from '../support/free-port.ts';
import { foundMission, joinedBy, type NodeClient } from '../support/node-client.ts';
import { until } from '../support/until.ts';

const room = 'All parties';
const bytes = new Uint8Array(randomBytes(20_000_000));
const hashOf = (of: Uint8Array): string => createHash('sha256').update(of).digest('hex');

let config: object;
let box: BoxProcess;
let red: NodeClient;
let blue: NodeClient;
let carla: NodeClient;

/** The newest file of the room, as somebody sees it. */
function fileOf(one: NodeClient): FileView | undefined {
  return one.messages(room).findLast(({ file }) => file)?.file;
}

async function send(one: NodeClient, name: string, of: Uint8Array): Promise<void> {
  const cid = one.conversation(room)?.cid ?? '';
  const read = (from: number, to: number) => Promise.resolve(of.slice(from, to));
  await one.client.sendFile(cid, { name, sizeBytes: of.length, read });
}

async function opened(one: NodeClient): Promise<Uint8Array> {
  await one.sees('the file', (seen) => fileOf(seen)?.state === 'here', 60_000);
  return (await one.client.openFile(fileOf(one)?.sid ?? '')) as Uint8Array;
}

beforeAll(async () => {
  config = { ...loopbackConfig, gateway: { httpsPort: await freePort(), httpPort: 0 } };
  box = await BoxProcess.start(config);
  ({ red, blue } = await foundMission(await box.origin()));
  carla = await joinedBy(red, 'Carla');
});

afterAll(async () => {
  for (const one of [red, blue, carla]) await one?.stop();
  await box.remove();
});

describe('20 MB from Blue to all', () => {
  it('go on where they were when the box was killed in the middle (S119)', async () => {
    await send(blue, 'bridges.tar', bytes);
    expect(fileOf(blue)).toMatchObject({ state: 'uploading', sizeBytes: bytes.length });
    await until('a third is there', () => (fileOf(blue)?.doneBytes ?? 0) > 6_000_000, 30_000);
    box.child.kill('SIGKILL');
    await box.ended;
    expect(fileOf(blue)?.state).toBe('uploading');
    expect(fileOf(red)).toBeUndefined();
    box = await BoxProcess.start(config, box.directory);
    await box.origin();
    blue.network.asked.length = 0;
    await blue.sees('it sent', (one) => fileOf(one)?.state === 'here', 60_000);
    const again = blue.network.asked.filter((asked) => asked.startsWith('PUT'));
    expect(again.length).toBeGreaterThan(0);
    expect(again.length).toBeLessThan(18);
  });

  it('are fetched when asked for, whole, over a cut and a restart', async () => {
    for (const one of [red, carla]) {
      await one.sees('the offer', (seen) => fileOf(seen)?.state === 'offered');
      await one.client.fetchFile(fileOf(one)?.sid ?? '');
    }
    await until('some of it', () => (fileOf(red)?.doneBytes ?? 0) > 3_000_000, 30_000);
    red.network.cut(true);
    await red.stop();
    await red.open();
    expect(fileOf(red)?.state).toBe('fetching');
    red.network.asked.length = 0;
    red.network.cut(false);
    expect(hashOf(await opened(red))).toBe(hashOf(bytes));
    expect(hashOf(await opened(carla))).toBe(hashOf(bytes));
    const gets = red.network.asked.filter((asked) => asked.startsWith('GET /v1/f/'));
    expect(gets.length).toBeLessThan(18);
    expect(fileOf(red)).toMatchObject({ name: 'bridges.tar', doneBytes: bytes.length });
  });
});

describe('a file that somebody spoils on the box’s disk', () => {
  it('is refused and said, nothing of it stays, and others are undisturbed (S118)', async () => {
    const small = bytes.slice(0, 3_000_000);
    await send(red, 'lists.tar', small);
    await red.sees('it sent', (one) => fileOf(one)?.state === 'here');
    await carla.sees('the offer', (one) => fileOf(one)?.state === 'offered');
    const shelf = join(box.directory, 'data', 'mission', 'files');
    for (const { name, parentPath } of await readdir(shelf, {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!/^[0-9a-f]{128}$/.test(name)) continue;
      const file = await open(join(parentPath, name), 'r+');
      if ((await file.stat()).size < 4_000_000)
        await file.write(Buffer.of(1, 2, 3), 0, 3, 2_500_000);
      await file.close();
    }
    await carla.client.fetchFile(fileOf(carla)?.sid ?? '');
    await carla.sees('the refusal', (one) => fileOf(one)?.state === 'damaged');
    const kept = [...carla.parts.disk.values()].reduce((sum, one) => sum + one.size, 0);
    // What stays are the parts of the first file.
    expect(kept).toBe(20);
    await carla.send(room, 'The list is broken.');
    await red.sees('the message', (one) => one.texts(room).includes('The list is broken.'));
  });
});

describe('a file whose message is deleted', () => {
  it('goes from every device', async () => {
    await send(blue, 'wrong.txt', bytes.slice(0, 1000));
    await blue.sees('it sent', (one) => fileOf(one)?.state === 'here');
    await red.sees('the offer', (one) => fileOf(one)?.name === 'wrong.txt');
    await red.client.fetchFile(fileOf(red)?.sid ?? '');
    await opened(red);
    const before = red.parts.disk.size;
    await blue.client.erase(blue.conversation(room)?.cid ?? '', fileOf(blue)?.sid ?? '');
    await until('it is gone', () => red.parts.disk.size === before - 1, 10_000);
    expect(fileOf(red)?.name).toBe('lists.tar');
  });
});
