import { expect, it } from 'vitest';
import {
  agree,
  freshPair,
  isAgreementPoint,
  keyFromShared,
  scalarKey,
} from '#protocol/crypto/agreement.ts';
import {
  backLink,
  boxTo,
  epochEntries,
  epochId,
  openBackLink,
  openBox,
  recipientsHash,
} from '#protocol/crypto/epoch-box.ts';
import { multiply } from '#protocol/crypto/nacl.ts';
import { fromHex, toB64u } from '#protocol/codec/text-form.ts';
import type { Engine } from '#protocol/ports.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';

const epochKey = new Uint8Array(32).fill(9);
const mine = scalarKey(new Uint8Array(32).fill(2));
const strangers = scalarKey(new Uint8Array(32).fill(3));

/** The eight encodings of X25519 points of low order, and second encodings of good ones (K10). */
const badPoints = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
  'cdeb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880',
  `0a${'00'.repeat(30)}80`,
  `f6${'ff'.repeat(30)}7f`,
  '0900',
];

it.each(badPoints)('K10 refuses the X25519 key %s', (hex) => {
  const point = fromHex(hex)!;
  expect(isAgreementPoint(point)).toBe(false);
  expect(agree(new Uint8Array(32).fill(2), point)).toBeUndefined();
});

it('K10 takes honest keys', () => {
  for (let i = 1; i < 20; i++) {
    expect(isAgreementPoint(scalarKey(new Uint8Array(32).fill(i)).publicKey)).toBe(true);
  }
});

it('the key of nacl.box follows from the raw X25519 result, as a browser computes it', async () => {
  const raw = multiply(new Uint8Array(32).fill(2), strangers.publicKey);
  expect(keyFromShared(raw)).toEqual(await mine.shared(strangers.publicKey));
});

it('an epoch key boxed to a device opens there and nowhere else', async () => {
  const pair = freshPair(nodeEngine, epochKey);
  const entries = epochEntries(
    nodeEngine,
    pair,
    [
      { d: 'z', x: mine.publicKey },
      { d: 'a', x: strangers.publicKey },
    ],
    epochKey,
  );
  expect(entries.map(([d]) => d)).toEqual(['a', 'z']);
  const [, , nonce, box] = entries[1]!;
  const ek = toB64u(pair.publicKey);
  expect(await openBox(mine, ek, [nonce, box])).toEqual(epochKey);
  expect(await openBox(strangers, ek, [nonce, box])).toBeUndefined();
  expect(
    JSON.stringify(entries[0]!.map(() => '')).length + entries[1]!.join('').length,
  ).toBeLessThan(174);
});

it('a box under a key of low order is not opened, so that no stranger can plant an epoch key', async () => {
  const pair = freshPair(nodeEngine);
  const sealed = boxTo(nodeEngine, pair, mine.publicKey, epochKey);
  for (const hex of badPoints) {
    expect(await openBox(mine, toB64u(fromHex(hex)!), sealed)).toBeUndefined();
  }
  expect(() => boxTo(nodeEngine, pair, new Uint8Array(32), epochKey)).toThrow(TypeError);
});

it('a back link opens with the later key only (K7)', () => {
  const link = backLink(nodeEngine, epochKey, 'e'.repeat(32), new Uint8Array(32).fill(4));
  expect(openBackLink(epochKey, link)).toEqual(new Uint8Array(32).fill(4));
  expect(openBackLink(new Uint8Array(32), link)).toBeUndefined();
  expect(openBackLink(epochKey, ['x', '!', '!'])).toBeUndefined();
});

it('the id of an epoch commits to key, swarm, author and number', () => {
  const ids = [
    epochId('c', epochKey, 'd', 1),
    epochId('x', epochKey, 'd', 1),
    epochId('c', new Uint8Array(32), 'd', 1),
    epochId('c', epochKey, 'x', 1),
    epochId('c', epochKey, 'd', 2),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toMatch(/^[a-z2-7]{32}$/);
});

it('the hash of the recipients does not depend on their order', () => {
  expect(recipientsHash(['a', 'b'])).toBe(recipientsHash(['b', 'a']));
  expect(recipientsHash(['ab'])).not.toBe(recipientsHash(['a', 'b']));
});

it('a cloned generator does not use one ephemeral key for two epoch keys (K14)', () => {
  const stuck: Engine = { ...nodeEngine, random: (n) => new Uint8Array(n) };
  const [a, b] = [freshPair(stuck, epochKey), freshPair(stuck, new Uint8Array(32))];
  expect(a!.publicKey).not.toEqual(b!.publicKey);
});
