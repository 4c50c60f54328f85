import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import { paperFounding, type PaperFounding } from '../support/founders.ts';
import type { FoundingNews } from '../../appliance/services/swarm/founding.ts';
import {
  devicesOf,
  foundMission,
  foundPost,
  post,
  revealAll,
  roomOnDisk,
  SwarmBox,
} from '../support/swarm-box.ts';

let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: SwarmBox;
let paper: PaperFounding;

beforeEach(async () => {
  room = await roomOnDisk();
  box = await new SwarmBox(room.path).start();
  paper = await paperFounding(3);
});
afterEach(async () => {
  await box.service.stop();
  await room.remove();
});

const news = async (after?: number): Promise<FoundingNews> =>
  (await box.doors.ask('GET', `/v1/founding${after === undefined ? '' : `?after=${after}`}`))
    .json as FoundingNews;

test('three parties found one mission, whatever is cut off in between', async () => {
  expect(await news()).toEqual({ posts: [], next: 0 });
  expect(box.service.isFounding()).toBe(false);
  await revealAll(box, paper);
  expect(box.service.isFounding()).toBe(true);
  await box.restart();
  expect((await news()).next).toBe(6);
  await post(box, paper, await foundPost(paper, 2));
  await box.restart();
  await post(box, paper, await foundPost(paper, 0));
  expect(box.service.cid()).toBeUndefined();
  await post(box, paper, await foundPost(paper, 1));
  const cid = box.service.cid();
  expect(cid).toBeDefined();
  expect(box.service.isFounding()).toBe(false);
  expect(await news(9)).toMatchObject({ cid, next: 9, posts: [] });
  const devices = await devicesOf(box, paper);
  expect(devices.map((device) => device.mission.size)).toEqual([4, 4, 4]);
});

test('a stranger who opens a founding first is put aside by the code on the console', async () => {
  const stranger = await paperFounding(2);
  const ask = async (body: object, address = '192.0.2.9') =>
    (await box.doors.ask('POST', '/v1/founding', { body, address })).code;
  await ask(stranger.opening);
  await post(box, stranger, await stranger.commit(0));
  const waits = news(1);
  expect(await ask(paper.opening)).toBe('SWARM_FOUNDING_OPEN');
  const o = toB64u(box.openingKey);
  expect(await ask({ ...paper.opening, o: o.slice(1) })).toBe('SWARM_REQUEST_MALFORMED');
  expect((await waits).posts).toEqual([]);
  expect(await ask({ ...paper.opening, o })).toBe('');
  expect(await news(1)).toEqual({ draft: paper.opening, posts: [], next: 0 });
  const late = stranger.entry(await stranger.commit(1));
  const answer = await box.doors.ask('POST', '/v1/founding/posts', { body: await late });
  expect(answer.code).toBe('SWARM_FOUNDING_POST_REFUSED');
  await box.restart();
  await foundMission(box, paper);
  expect(await ask({ ...stranger.opening, o })).toBe('SWARM_MISSION_EXISTS');
});

test('an address that tries one opening key after the other is slowed down, others are not', async () => {
  const o = toB64u(new Uint8Array(16));
  const ask = async (address: string) => {
    const body = { ...paper.opening, o };
    return (await box.doors.ask('POST', '/v1/founding', { body, address })).code;
  };
  const tries = [];
  for (let i = 0; i < 20; i++) tries.push(await ask('192.0.2.9'));
  expect(tries.at(0)).toBe('SWARM_OPENING_KEY_WRONG');
  expect(tries.at(-1)).toBe('SWARM_TOO_FAST');
  expect(await ask('192.0.2.10')).toBe('SWARM_OPENING_KEY_WRONG');
  expect(box.service.isFounding()).toBe(false);
});

test('who waits for news gets it when it comes, and who has no draft gets it soon', async () => {
  await box.service.stop();
  box = await new SwarmBox(room.path, { pollMs: 60_000 }).start();
  const waits = news(0);
  await box.doors.ask('POST', '/v1/founding', { body: paper.opening });
  expect((await waits).draft).toEqual(paper.opening);
  expect((await news(0)).draft).toEqual(paper.opening);
  await post(box, paper, await paper.commit(0));
  const hears = news(1);
  await post(box, paper, await paper.commit(1));
  expect((await hears).posts.map((entry) => entry.post)).toEqual([await paper.commit(1)]);
});

test('a found commit that stands elsewhere is refused, and the honest one still counts', async () => {
  await revealAll(box, paper);
  const wrong = await box.doors.ask('POST', '/v1/founding/posts', {
    body: await paper.entry(await paper.found(0)),
  });
  expect(wrong.code).toBe('SWARM_FOUNDING_POST_REFUSED');
  for (const i of [0, 1, 2]) await post(box, paper, await foundPost(paper, i));
  expect(box.service.cid()).toBeDefined();
});

test('malformed and foreign posts are refused, and the founding goes on', async () => {
  await box.doors.ask('POST', '/v1/founding', { body: paper.opening });
  const stranger = await paperFounding(3);
  const foreign = await stranger.entry(await stranger.commit(0));
  const said = await box.doors.ask('POST', '/v1/founding/posts', { body: foreign });
  expect(said.code).toBe('SWARM_FOUNDING_POST_REFUSED');
  for (const body of [{}, [], null, 'x', 7, { post: {}, s: '' }, { ...foreign, more: 1 }]) {
    const answer = await box.doors.ask('POST', '/v1/founding/posts', { body });
    expect(answer.code).toBe('SWARM_REQUEST_MALFORMED');
    expect((await box.doors.ask('POST', '/v1/founding', { body })).code).toBe(
      'SWARM_REQUEST_MALFORMED',
    );
  }
  const open = await box.doors.ask('POST', '/v1/founding', { body: stranger.opening });
  expect(open.code).toBe('SWARM_FOUNDING_OPEN');
  expect((await news()).next).toBe(0);
});

test('one founding makes one mission: its posts are worth nothing on another box', async () => {
  const elsewhere = await roomOnDisk();
  const other = await new SwarmBox(elsewhere.path).start();
  await foundMission(box, paper);
  const second = await paperFounding(3);
  await revealAll(other, second);
  const replayed = await other.doors.ask('POST', '/v1/founding/posts', {
    body: await paper.entry(await foundPost(paper, 0)),
  });
  expect(replayed.code).toBe('SWARM_FOUNDING_POST_REFUSED');
  for (const i of [0, 1, 2]) await post(other, second, await foundPost(second, i));
  expect(other.service.cid()).not.toBe(box.service.cid());
  await other.service.stop();
  await elsewhere.remove();
});

test('the founding is readable until every founder has come in, then it is gone from the disk', async () => {
  const [a, b, c] = await foundMission(box, paper);
  const file = join(room.path, 'founding', 'founding.json');
  const isKept = (): Promise<boolean> =>
    access(file).then(
      () => true,
      () => false,
    );
  for (const device of [a, b]) await box.doors.ask('GET', '/v1/s', { caller: device!.caller });
  expect((await news()).next).toBeGreaterThan(0);
  expect(await isKept()).toBe(true);
  await box.doors.ask('GET', '/v1/s', { caller: c!.caller });
  await expect.poll(isKept).toBe(false);
  expect(await news()).toEqual({ posts: [], next: 0, cid: box.service.cid() });
});
