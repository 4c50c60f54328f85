import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { FileView } from '#client/call-model.ts';
import type { HttpReply } from '#client/ports.ts';
import { BoxProcess } from '../support/box-process.ts';
import { foundMission, joinedBy, type NodeClient } from '../support/node-client.ts';
import { stockGit } from '../support/stock-git.ts';
import { askBox } from '../support/wire-device.ts';

const room = 'All parties';
let box: BoxProcess;
let red: NodeClient;
let blue: NodeClient;

beforeAll(async () => {
  box = await BoxProcess.start();
  ({ red, blue } = await foundMission(await box.origin()));
  await red.send(room, 'The first word');
  await blue.sees('it', (one) => one.texts(room).includes('The first word'));
});

afterEach(() => {
  for (const one of [red, blue]) one.network.bend = (_request, reply) => reply;
});

afterAll(async () => {
  for (const one of [red, blue]) await one?.stop();
  await box?.remove();
});

const isFetch = (path: string): boolean => path.endsWith('/fetch');

it('S133: a history that cannot be fetched whole leaves what is here as it is, and comes later', async () => {
  const before = blue.texts(room);
  blue.network.bend = (request, reply) =>
    isFetch(request.path) ? { ...reply, body: reply.body.subarray(0, 40) } : reply;
  blue.network.asked.length = 0;
  await red.send(room, 'Half of it arrives');
  await blue.sees('a fetch', ({ network }) => network.asked.some((path) => isFetch(path)));
  await blue.restart();
  expect(blue.texts(room)).toEqual(before);
  blue.network.bend = (_request, reply) => reply;
  await blue.restart();
  await blue.sees('all of it', (one) => one.texts(room).includes('Half of it arrives'));
});

it('S134: while a fetch hangs, what one writes oneself is sent', async () => {
  let release = (): void => undefined;
  const hangs = new Promise<void>((resolve) => (release = resolve));
  let held = 0;
  blue.network.bend = async (request, reply): Promise<HttpReply> => {
    if (!isFetch(request.path)) return reply;
    held += 1;
    await hangs;
    return reply;
  };
  await red.send(room, 'This one hangs');
  await blue.sees('the fetch that hangs', () => held > 0);
  try {
    await blue.send(room, 'And I speak meanwhile');
    await red.sees('it', (one) => one.texts(room).includes('And I speak meanwhile'));
    expect(blue.texts(room)).not.toContain('This one hangs');
  } finally {
    release();
  }
  await blue.sees('the other', (one) => one.texts(room).includes('This one hangs'));
});

it('S145: a box that says again what it said long ago changes nothing', async () => {
  const old = new Map<string, HttpReply>();
  blue.network.bend = (request, reply) => {
    if (!request.path.endsWith('/refs') || reply.status !== 200) return reply;
    if (!old.has(request.path)) old.set(request.path, reply);
    return reply;
  };
  await blue.restart();
  await blue.sees('the news', () => old.size > 1);
  blue.network.bend = (_request, reply) => reply;
  await red.send(room, 'Known by now');
  await blue.sees('it', (one) => one.texts(room).includes('Known by now'));
  await blue.send(room, 'And so is this');
  await red.sees('it', (one) => one.texts(room).includes('And so is this'));
  const before = blue.texts(room);
  let told = 0;
  blue.network.bend = (request, reply) => {
    const said = request.path.endsWith('/refs') ? old.get(request.path) : undefined;
    if (said !== undefined) told += 1;
    return said ?? reply;
  };
  await blue.restart();
  await blue.sees('the old news', () => told > 2);
  expect(blue.texts(room)).toEqual(before);
  expect(blue.conversation(room)?.readOnly).toBeUndefined();
  await blue.send(room, 'Not set back');
  await red.sees('it', (one) => one.texts(room).includes('Not set back'));
});

it('S120: a file whose sender has gone comes from the box', async () => {
  const bytes = new Uint8Array(randomBytes(300_000));
  const fileOf = (one: NodeClient): FileView | undefined =>
    one.messages(room).findLast(({ file }) => file)?.file;
  const read = (from: number, to: number) => Promise.resolve(bytes.slice(from, to));
  const cid = blue.conversation(room)?.cid ?? '';
  await blue.client.sendFile(cid, { name: 'map.bin', sizeBytes: bytes.length, read });
  await blue.sees('it sent', (one) => fileOf(one)?.state === 'here');
  await red.sees('the offer', (one) => fileOf(one)?.state === 'offered');
  await blue.stop();
  await red.client.fetchFile(fileOf(red)?.sid ?? '');
  await red.sees('the file', (one) => fileOf(one)?.state === 'here');
  expect(await red.client.openFile(fileOf(red)?.sid ?? '')).toEqual(bytes);
  await blue.open();
});

it('S141: stock git cannot push: there is no such door', async () => {
  const home = await mkdtemp(join(tmpdir(), 'parley-push-'));
  const cid = blue.conversation(room)?.cid ?? '';
  try {
    stockGit(home, 'init', '--quiet', '--initial-branch=main', '.');
    const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.invalid'];
    stockGit(home, ...who, 'commit', '--quiet', '--allow-empty', '--message', 'mine');
    const url = `${await box.origin()}/v1/s/${cid}.git`;
    const push = ['-c', 'http.sslVerify=false', 'push', '--force', url, 'main'];
    expect(() => stockGit(home, ...push)).toThrow(/40[0-9]|not found/i);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  for (const service of ['git-receive-pack', 'git-upload-pack'])
    expect(await statusOf(`/v1/s/${cid}.git/info/refs?service=${service}`)).toBeGreaterThanOrEqual(400); // prettier-ignore
  await red.send(room, 'Nothing has changed');
  await blue.sees('it', (one) => one.texts(room).includes('Nothing has changed'));
});

it('S53: somebody who joins while everybody else is away reads and writes at once', async () => {
  const carla = await joinedBy(red, 'Carla');
  await red.sees('her', (one) => one.mission.people.some(({ name }) => name === 'Carla'));
  for (const one of [red, blue]) await one.stop();
  await carla.restart();
  expect(carla.texts(room)).toContain('The first word');
  await carla.send(room, 'Is anybody there?');
  await carla.sees('it sent', (one) =>
    one.messages(room).every(({ delivery }) => delivery === 'sent'),
  );
  await red.open();
  await red.sees('her words', (one) => one.texts(room).includes('Is anybody there?'));
  await carla.stop();
  await blue.open();
});

/** Status of a plain request, as a stranger or a stock client makes it. */
async function statusOf(path: string): Promise<number> {
  return (await askBox(await box.origin(), 'GET', path)).status;
}
