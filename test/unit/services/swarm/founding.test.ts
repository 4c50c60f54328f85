import { beforeAll, beforeEach, expect, test } from 'vitest';
import { nodeEngine } from '#kernel/node-engine.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { postBytes, type Entry, type Post } from '#protocol/mission/founding-post.ts';
import { accepted, refused } from '#protocol/verdict.ts';
import type { DurableRecord } from '#kernel/durable-record.ts';
import { Founding, type MissionMaker } from '../../../../appliance/services/swarm/founding.ts';
import {
  isFoundingFile,
  type FoundingFile,
  type Opening,
} from '../../../../appliance/services/swarm/founding-file.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { paperFounding, type PaperFounding } from '../../../support/founders.ts';

const hourMs = 3_600_000;
const openingKey = new Uint8Array(16).fill(4);
let paper: PaperFounding;
let draft: Opening;
/** A founding by somebody else. */
let other: PaperFounding;

beforeAll(async () => {
  paper = await paperFounding(2);
  other = await paperFounding(2);
  draft = paper.opening;
});

let clock: FakeClock;
let kept: FoundingFile | undefined;
let completed: number;
let cid: string | undefined;
let isRejecting: boolean;
let founding: Founding;

const record: DurableRecord<FoundingFile> = {
  read: () => Promise.resolve(kept),
  write: (value) => {
    expect(isFoundingFile(value)).toBe(true);
    kept = structuredClone(value);
    return Promise.resolve();
  },
  remove: () => {
    kept = undefined;
    return Promise.resolve();
  },
};

const maker: MissionMaker = {
  cid: () => cid,
  check: () => Promise.resolve(isRejecting ? refused('R12', 'made up') : accepted),
  make: () => {
    completed++;
    cid = 'mission';
    return Promise.resolve();
  },
};

const restarted = async (): Promise<Founding> => {
  const onChange = (): void => {};
  const made = new Founding({
    record,
    maker,
    engine: nodeEngine,
    clock,
    openingKey,
    idleMs: 24 * hourMs,
    onChange,
  });
  await made.open();
  return made;
};

beforeEach(async () => {
  clock = new FakeClock();
  kept = undefined;
  completed = 0;
  cid = undefined;
  isRejecting = false;
  founding = await restarted();
});

const codeOf = async (post: Post): Promise<string | undefined> =>
  (await founding.post(await paper.entry(post)))?.code;

test('two parties go through all steps and the mission is made once', async () => {
  expect(await founding.begin(draft)).toBeUndefined();
  const posts = [paper.commit(0), paper.commit(1), paper.reveal(1), paper.reveal(0)];
  for (const post of [...posts, paper.compared(0), paper.found(0)]) {
    expect(await codeOf(await post)).toBeUndefined();
  }
  expect(completed).toBe(0);
  expect(await codeOf(await paper.found(1))).toBeUndefined();
  expect(completed).toBe(1);
  const news = founding.news(5);
  const both = await Promise.all([paper.found(0), paper.found(1)]);
  expect(news.posts.map(({ post }) => post)).toEqual(both);
  expect(news).toMatchObject({ draft, next: 7, cid: 'mission' });
  expect(await codeOf(await paper.found(1))).toBeUndefined();
  expect(await codeOf(await paper.compared(1))).toBe('SWARM_MISSION_EXISTS');
  expect((await founding.begin(other.opening))?.code).toBe('SWARM_MISSION_EXISTS');
  expect(completed).toBe(1);
});

const refusedPost = 'SWARM_FOUNDING_POST_REFUSED';

test('steps out of order, doubled or beyond the number of parties are refused', async () => {
  await founding.begin(draft);
  expect(await codeOf(await paper.reveal(0))).toBe(refusedPost);
  expect(await codeOf(await paper.found(0))).toBe(refusedPost);
  await codeOf(await paper.commit(0));
  const again = { ...(await paper.commit(0)), fc: toB64u(new Uint8Array(64)) } as Post;
  expect(await codeOf(again)).toBe(refusedPost);
  await codeOf(await paper.commit(1));
  expect(await codeOf(await other.commit(0))).toBe(refusedPost);
  expect(await codeOf(await other.reveal(0))).toBe(refusedPost);
  expect(await codeOf(await paper.compared(0))).toBe(refusedPost);
});

test('a reveal that is not what was committed to ends the founding for everybody', async () => {
  await founding.begin(draft);
  for (const i of [0, 1]) await codeOf(await paper.commit(i));
  const honest = (await paper.reveal(0)) as Post & { t: 'reveal' };
  expect(await codeOf({ ...honest, rho: toB64u(new Uint8Array(32)) })).toBe(refusedPost);
  expect(founding.news(0).next).toBe(3);
  expect(founding.isUnderWay).toBe(false);
  expect(await codeOf(honest)).toBe('SWARM_FOUNDING_NONE');
});

test('a comparison of another code, or not signed by the party, leaves no trace', async () => {
  await founding.begin(draft);
  for (const i of [0, 1]) await codeOf(await paper.commit(i));
  for (const i of [0, 1]) await codeOf(await paper.reveal(i));
  const honest = (await paper.compared(0)) as Post & { t: 'compared' };
  const { f } = (await other.compared(0)) as Post & { t: 'compared' };
  expect(await codeOf({ ...honest, f })).toBe(refusedPost);
  expect(await codeOf({ ...honest, ok: 0 })).toBe(refusedPost);
  expect(await codeOf(honest)).toBeUndefined();
  expect(founding.news(0).next).toBe(5);
});

test('codes that differ end the founding', async () => {
  await founding.begin(draft);
  for (const i of [0, 1]) await codeOf(await paper.commit(i));
  for (const i of [0, 1]) await codeOf(await paper.reveal(i));
  expect(await codeOf(await paper.compared(1, 0))).toBeUndefined();
  expect(founding.isUnderWay).toBe(false);
  expect(await codeOf(await paper.found(0))).toBe('SWARM_FOUNDING_NONE');
});

test('a found commit that the mission would refuse is refused, and nobody is bound', async () => {
  await founding.begin(draft);
  for (const i of [0, 1]) await codeOf(await paper.commit(i));
  for (const i of [0, 1]) await codeOf(await paper.reveal(i));
  isRejecting = true;
  expect(await codeOf(await paper.found(0))).toBe(refusedPost);
  isRejecting = false;
  expect(await codeOf(await paper.found(0))).toBeUndefined();
});

test('a post that was sent twice is there once', async () => {
  await founding.begin(draft);
  expect(await codeOf(await paper.commit(0))).toBeUndefined();
  expect(await codeOf(await paper.commit(0))).toBeUndefined();
  expect(founding.news(0).next).toBe(1);
});

test('strangers cannot post, nor replay what was said in another founding', async () => {
  await founding.begin(draft);
  const stranger = seedSigner(new Uint8Array(32).fill(8));
  const post = await paper.commit(0);
  const s = toB64u(await stranger.sign('swarm-charter-v1', postBytes(post)));
  expect((await founding.post({ post, s }))?.code).toBe(refusedPost);
  const old: Entry = await paper.entry(post);
  await codeOf({ t: 'end', why: 'changed' });
  await founding.begin(other.opening);
  expect((await founding.post(old))?.code).toBe(refusedPost);
});

test('a second founding is refused until the first was ended or left alone for a day', async () => {
  await founding.begin(draft);
  expect(await founding.begin(draft)).toBeUndefined();
  expect((await founding.begin(other.opening))?.code).toBe('SWARM_FOUNDING_OPEN');
  clock.pass(23 * hourMs);
  await codeOf(await paper.commit(0));
  clock.pass(23 * hourMs);
  expect((await founding.begin(other.opening))?.code).toBe('SWARM_FOUNDING_OPEN');
  clock.pass(hourMs);
  expect(await founding.begin(other.opening)).toBeUndefined();
  expect(founding.news(0)).toEqual({ draft: other.opening, posts: [], next: 0 });
  const end: Post = { t: 'end', why: 'mistake' };
  expect(await founding.post(await other.entry(end))).toBeUndefined();
  expect(await codeOf(await paper.commit(0))).toBe('SWARM_FOUNDING_NONE');
  expect(await founding.begin(draft)).toBeUndefined();
});

test('only the opening key takes the place of an open founding, and its people see another draft', async () => {
  await founding.begin(draft);
  await codeOf(await paper.commit(0));
  const wrong = [new Uint8Array(16), new Uint8Array(15).fill(4), new Uint8Array(0)];
  for (const key of wrong) {
    const code = (await founding.begin(other.opening, key))?.code;
    expect(code).toBe('SWARM_OPENING_KEY_WRONG');
  }
  expect((await founding.begin(other.opening))?.code).toBe('SWARM_FOUNDING_OPEN');
  expect(founding.news(0)).toMatchObject({ draft, next: 1 });
  expect(await founding.begin(other.opening, openingKey)).toBeUndefined();
  expect(founding.news(0)).toEqual({ draft: other.opening, posts: [], next: 0 });
  expect(await codeOf(await paper.commit(1))).toBe(refusedPost);
  expect((await founding.begin(draft))?.code).toBe('SWARM_FOUNDING_OPEN');
  expect(JSON.stringify(kept)).not.toContain(toB64u(openingKey));
});

test('the opening key replaces nothing that a party has signed, and no mission', async () => {
  await founding.begin(draft, openingKey);
  for (const i of [0, 1]) await codeOf(await paper.commit(i));
  for (const i of [0, 1]) await codeOf(await paper.reveal(i));
  await codeOf(await paper.found(0));
  const begin = async () => (await founding.begin(other.opening, openingKey))?.code;
  expect(await begin()).toBe('SWARM_FOUNDING_SIGNED');
  founding = await restarted();
  expect(await begin()).toBe('SWARM_FOUNDING_SIGNED');
  await codeOf(await paper.found(1));
  expect(await begin()).toBe('SWARM_MISSION_EXISTS');
});

test('a restart in the middle loses nothing, and one before the last step finishes it', async () => {
  await founding.begin(draft);
  const posts = [
    paper.commit(0),
    paper.commit(1),
    paper.reveal(0),
    paper.reveal(1),
    paper.found(0),
  ];
  for (const post of posts) await codeOf(await post);
  const before = founding.news(0);
  expect(before.next).toBe(5);
  founding = await restarted();
  expect(founding.news(0)).toEqual(before);
  await codeOf(await paper.found(1));
  // As if the power had failed between the last post and the making of the mission.
  cid = undefined;
  founding = await restarted();
  expect(completed).toBe(2);
  expect(founding.news(0).cid).toBe('mission');
});

test('a founding is forgotten for good', async () => {
  await founding.begin(draft);
  await founding.forget();
  expect(kept).toBeUndefined();
  expect(founding.news(0)).toEqual({ posts: [], next: 0 });
  expect(await codeOf(await paper.commit(0))).toBe('SWARM_FOUNDING_NONE');
});
