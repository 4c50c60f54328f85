import { beforeEach, expect, test } from 'vitest';
import { nodeEngine } from '#kernel/node-engine.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { partyFingerprint } from '#protocol/codec/fingerprint.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { accepted, refused } from '#protocol/verdict.ts';
import type { DurableRecord } from '../../../../appliance/services/swarm/durable-record.ts';
import {
  Founding,
  isFoundingRecord,
  type Ceremony,
  type Draft,
  type FoundingRecord,
} from '../../../../appliance/services/swarm/founding.ts';
import type { Entry, Post } from '../../../../appliance/services/swarm/founding-post.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const foundingKey = seedSigner(new Uint8Array(32).fill(7));
const strangerKey = seedSigner(new Uint8Array(32).fill(8));
const draft: Draft = {
  d: { n: 2, session: 'x' },
  fpk: toB64u(foundingKey.publicKey),
  names: 'sealed',
};
const hourMs = 3_600_000;

let clock: FakeClock;
let kept: FoundingRecord | undefined;
let completed: number;
let cid: string | undefined;
let isRejecting: boolean;
let founding: Founding;

const record: DurableRecord<FoundingRecord> = {
  read: () => Promise.resolve(kept),
  write: (value) => {
    expect(isFoundingRecord(value)).toBe(true);
    kept = structuredClone(value);
    return Promise.resolve();
  },
  remove: () => {
    kept = undefined;
    return Promise.resolve();
  },
};

const ceremony: Ceremony = {
  cid: () => cid,
  checkDraft: () => accepted,
  check: () => Promise.resolve(isRejecting ? refused('F3', 'made up') : accepted),
  complete: () => {
    completed++;
    cid = 'mission';
    return Promise.resolve();
  },
};

const restarted = async (): Promise<Founding> => {
  const onChange = (): void => {};
  const made = new Founding({
    record,
    ceremony,
    engine: nodeEngine,
    clock,
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

const signed = async (post: Post, key = foundingKey): Promise<Entry> => {
  const written = utf8(encode(post as unknown as Json));
  return { post, s: toB64u(await key.sign('swarm-charter-v1', written)) };
};

const key = (party: number): Uint8Array => new Uint8Array(32).fill(party);
const zeros = (bytes: number): string => toB64u(new Uint8Array(bytes));
const commit = (party: number): Post => ({
  t: 'commit',
  fc: zeros(64),
  pfp: partyFingerprint(key(party)),
  sig: zeros(64),
});
const reveal = (party: number): Post => ({
  t: 'reveal',
  p: { c: { pk: toB64u(key(party)) } },
  m: {},
  d: {},
  slot: party,
  rho: zeros(32),
  sig: zeros(64),
});
const found = (party: number): Post => ({ t: 'found', o: `found of ${party}` });
const codeOf = async (post: Post): Promise<string | undefined> =>
  (await founding.post(await signed(post)))?.code;

test('two parties go through all steps and the mission is made once', async () => {
  expect(await founding.begin(draft)).toBeUndefined();
  for (const post of [commit(1), commit(2), reveal(2), reveal(1), found(1)]) {
    expect(await codeOf(post)).toBeUndefined();
  }
  expect(completed).toBe(0);
  expect(await codeOf(found(2))).toBeUndefined();
  expect(completed).toBe(1);
  const news = founding.news(4);
  expect(news.posts.map(({ post }) => post)).toEqual([found(1), found(2)]);
  expect(news).toMatchObject({ draft, next: 6, cid: 'mission' });
  expect(await codeOf(found(2))).toBeUndefined();
  expect(await codeOf(found(3))).toBe('SWARM_MISSION_EXISTS');
  expect((await founding.begin({ ...draft, names: 'other' }))?.code).toBe('SWARM_MISSION_EXISTS');
  expect(completed).toBe(1);
});

test('steps out of order, doubled or beyond the number of parties are refused', async () => {
  await founding.begin(draft);
  expect(await codeOf(reveal(1))).toBe('SWARM_FOUNDING_POST_REFUSED');
  expect(await codeOf(found(1))).toBe('SWARM_FOUNDING_POST_REFUSED');
  await codeOf(commit(1));
  expect(await codeOf({ ...commit(1), sig: toB64u(key(9)).padEnd(86, 'A') } as Post)).toBe(
    'SWARM_FOUNDING_POST_REFUSED',
  );
  await codeOf(commit(2));
  expect(await codeOf(commit(3))).toBe('SWARM_FOUNDING_POST_REFUSED');
  expect(await codeOf(reveal(3))).toBe('SWARM_FOUNDING_POST_REFUSED');
});

test('a post that was sent twice is there once', async () => {
  await founding.begin(draft);
  expect(await codeOf(commit(1))).toBeUndefined();
  expect(await codeOf(commit(1))).toBeUndefined();
  expect(founding.news(0).next).toBe(1);
});

test('strangers cannot post, nor replay what was said in another founding', async () => {
  await founding.begin(draft);
  const forged = await signed(commit(1), strangerKey);
  expect((await founding.post(forged))?.code).toBe('SWARM_FOUNDING_POST_REFUSED');
  const old = await signed(commit(1));
  await founding.post(await signed({ t: 'end', why: 'changed' }));
  await founding.begin({ ...draft, fpk: toB64u(strangerKey.publicKey) });
  expect((await founding.post(old))?.code).toBe('SWARM_FOUNDING_POST_REFUSED');
});

test('a post that proves nothing leaves no trace', async () => {
  await founding.begin(draft);
  isRejecting = true;
  expect(await codeOf(commit(1))).toBe('SWARM_FOUNDING_POST_REFUSED');
  expect(founding.news(0).next).toBe(0);
});

test('a second founding is refused until the first was ended or left alone for a day', async () => {
  const other: Draft = { ...draft, names: 'other' };
  await founding.begin(draft);
  expect(await founding.begin(draft)).toBeUndefined();
  expect((await founding.begin(other))?.code).toBe('SWARM_FOUNDING_OPEN');
  clock.pass(23 * hourMs);
  await codeOf(commit(1));
  clock.pass(23 * hourMs);
  expect((await founding.begin(other))?.code).toBe('SWARM_FOUNDING_OPEN');
  clock.pass(hourMs);
  expect(await founding.begin(other)).toBeUndefined();
  expect(founding.news(0)).toEqual({ draft: other, posts: [], next: 0 });
  await codeOf({ t: 'end', why: 'mistake' });
  expect(await codeOf(commit(1))).toBe('SWARM_FOUNDING_NONE');
  expect(await founding.begin(draft)).toBeUndefined();
});

test('a restart in the middle loses nothing, and one before the last step finishes it', async () => {
  await founding.begin(draft);
  for (const post of [commit(1), commit(2), reveal(1), reveal(2), found(1)]) await codeOf(post);
  const before = founding.news(0);
  founding = await restarted();
  expect(founding.news(0)).toEqual(before);
  await codeOf(found(2));
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
  expect(await codeOf(commit(1))).toBe('SWARM_FOUNDING_NONE');
});
