import { expect, it } from 'vitest';
import { concat, fromUtf8, utf8 } from '#protocol/codec/bytes.ts';
import type { CommitDraft, Envelope } from '#protocol/codec/commit-form.ts';
import { commitLimits, parseCommit, payloadOf, serialize } from '#protocol/codec/commit.ts';
import { conversationId, deviceFingerprint, sidOf, topicOf } from '#protocol/codec/fingerprint.ts';
import { H } from '#protocol/codec/hash.ts';
import { armour, encodeBlob, readArmour, readBlob } from '#protocol/codec/sshsig.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { signingPair } from '#protocol/crypto/nacl.ts';
import { signBlob } from '#protocol/crypto/sign.ts';
import { seeded } from '../../../support/seeded.ts';

const seed = new Uint8Array(32).fill(1);
const { publicKey } = signingPair(seed);
const d = deviceFingerprint(publicKey);
const sid = toB64u(new Uint8Array(64).fill(1));
const later = toB64u(new Uint8Array(64).fill(2));
const cid = 'zzwrg7lruliqchhugnqveiw27phwji7mq4dvne5wk2tsk7heo3ya';
const tree = '086a084091ae4713afa2ab96dfc48e7b359a429c';
const message: CommitDraft = {
  tree,
  parents: ['0'.repeat(40), '1'.repeat(40)],
  seconds: 1_700_000_000,
  class: 'c',
  envelope: {
    v: 1,
    cid,
    d,
    q: 1,
    pq: sid,
    l: 5,
    ps: [sid, later],
    th: sid,
    k: 'msg',
    mh: [sid, later],
    e: 'a'.repeat(32),
    pc: sid,
  },
  sealed: new Uint8Array(296).fill(3),
};

function write(draft: CommitDraft): Uint8Array {
  return serialize(draft, publicKey, signBlob('git', seed, payloadOf(draft)));
}

function withEnvelope(change: Partial<Record<keyof Envelope, unknown>>): CommitDraft {
  const envelope: Record<string, unknown> = { ...message.envelope, ...change };
  for (const key of Object.keys(envelope)) if (envelope[key] === undefined) delete envelope[key];
  return { ...message, envelope: envelope as unknown as Envelope };
}

/** The message's signature as it stands in a commit, claimed for a namespace. */
function folded(namespace: string): string {
  const bytes = signBlob('git', seed, payloadOf(message));
  return armour({ key: publicKey, namespace, bytes }).trimEnd().replaceAll('\n', '\n ');
}

it('a commit comes back with all its parts', () => {
  const raw = write(message);
  const parsed = parseCommit(raw);
  if (!parsed.ok) throw new Error(parsed.why);
  const { oid, sid: identity, payload, signature, raw: kept, ...draft } = parsed.value;
  expect(draft).toEqual(message);
  expect(payload).toEqual(payloadOf(message));
  expect(identity).toBe(sidOf(raw));
  expect(signature.key).toEqual(publicKey);
  expect(oid).toMatch(/^[0-9a-f]{40}$/);
  expect(kept).toBe(raw);
});

it('two signatures of one payload are two commits (B1, S19, S177, B2)', () => {
  const other = serialize(message, publicKey, new Uint8Array(64).fill(1));
  expect(sidOf(other)).not.toBe(sidOf(write(message)));
});

it.each<[string, Partial<Record<keyof Envelope, unknown>>]>([
  ['no cid', { cid: undefined }],
  ['no pq above q 0', { pq: undefined }],
  ['pq at q 0', { q: 0 }],
  ['no epoch', { e: undefined }],
  ['no commitment', { pc: undefined }],
  ['clear arguments in a message', { x: {} }],
  ['another version', { v: 2 }],
  ['height zero', { l: 0 }],
  ['too few parents', { ps: [sid] }],
  ['a short sid', { ps: [sid, 'AAAA'] }],
  ['mission heads out of order', { mh: [later, sid] }],
  ['one mission head twice', { mh: [sid, sid] }],
  ['no mission heads in the list', { mh: [] }],
  ['nine mission heads', { mh: Array.from({ length: 9 }, () => sid) }],
  ['an unknown field', { extra: 1 } as object],
  ['a kind that is no word', { k: 'Msg' }],
  ['a control kind with the class of content', { k: 'vote' }],
])('an envelope with %s is refused', (_, change) => {
  expect(parseCommit(write(withEnvelope(change))).ok).toBe(false);
});

it.each<[string, Partial<CommitDraft>]>([
  ['the class of control', { class: 'x' }],
  ['parents out of order', { parents: message.parents.toReversed() }],
  ['one parent twice', { parents: ['0'.repeat(40), '0'.repeat(40)] }],
  ['a time beyond 2³³', { seconds: 2 ** 33 + 1 }],
  ['an upper-case tree', { tree: tree.toUpperCase() }],
])('a message with %s is refused', (_, change) => {
  expect(parseCommit(write({ ...message, ...change })).ok).toBe(false);
});

it('a message without a sealed line, and a control commit with one, are refused', () => {
  const { sealed, ...bare } = message;
  expect(parseCommit(write(bare)).ok).toBe(false);
  const control = withEnvelope({ k: 'merge', e: undefined, pc: undefined });
  expect(parseCommit(write({ ...control, class: 'x' })).ok).toBe(false);
  const { sealed: _, ...merge } = control;
  expect(parseCommit(write({ ...merge, class: 'x' })).ok).toBe(true);
  expect(sealed).toBeDefined();
});

it('a commit signed by another key than the one it names is refused (R18)', () => {
  const other = signingPair(new Uint8Array(32).fill(2)).publicKey;
  const raw = serialize(message, other, signBlob('git', seed, payloadOf(message)));
  expect(parseCommit(raw)).toMatchObject({ ok: false, rule: 'R18' });
});

it.each<[string, (text: string) => string]>([
  ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['an encoding header', (text) => text.replace('\ngpgsig', '\nencoding UTF-8\ngpgsig')],
  ['a mergetag', (text) => text.replace('\ngpgsig', '\nmergetag x\ngpgsig')],
  ['another time zone', (text) => text.replaceAll('+0000', '+0100')],
  ['a negative zone', (text) => text.replaceAll('+0000', '-0000')],
  ['a leading zero in the time', (text) => text.replaceAll('1700000000', '01700000000')],
  ['another committer', (text) => text.replace(/committer \w+/, 'committer somebody')],
  ['a later committer time', (text) => text.replace(/1700000000(?= \+0000\ngpgsig)/, '1700000001')],
  ['a trailing line', (text) => `${text}\n`],
  ['a missing last line feed', (text) => text.slice(0, -1)],
  ['a blank in the envelope', (text) => text.replace('"k":', '"k": ')],
  ['a sealed line in two', (text) => text.replace('AwMDAwMD', 'AwMD\nAwMD')],
  [
    'a signature without a signature',
    (text) => text.replace(/gpgsig[^]*?-----END SSH SIGNATURE-----\n/, ''),
  ],
  ['two signatures', (text) => text.replace(/gpgsig[^]*?-----END SSH SIGNATURE-----\n/, '$&$&')],
  ['a blank behind the signature', (text) => text.replace('END SSH SIGNATURE-----', '$& ')],
  ['another namespace', (text) => text.replace(folded('git'), folded('sig'))],
])('%s is refused', (_, bend) => {
  const text = fromUtf8(write(message)) as string;
  const bent = bend(text);
  expect(bent).not.toBe(text);
  expect(parseCommit(utf8(bent)).ok).toBe(false);
});

it('sizes are capped by kind (R1)', () => {
  const big = (bytes: number): CommitDraft => ({ ...message, sealed: new Uint8Array(bytes) });
  expect(parseCommit(write(big(47_000))).ok).toBe(true);
  expect(parseCommit(write(big(49_000)))).toMatchObject({ ok: false, rule: 'R1' });
  expect(parseCommit(new Uint8Array(commitLimits.epoch + 1))).toMatchObject({
    ok: false,
    rule: 'R1',
  });
});

it('every truncation and thousands of random changes get a refusal, never an exception (S21, S26, R2)', () => {
  const raw = write(message);
  for (let length = 0; length < raw.length; length++) {
    expect(parseCommit(raw.slice(0, length)).ok).toBe(false);
  }
  const random = seeded(3);
  for (let round = 0; round < 3000; round++) {
    const bent = raw.slice();
    const at = Math.floor(random() * raw.length);
    bent[at] = Math.floor(random() * 256);
    const inserted = concat(raw.slice(0, at), Uint8Array.of(random() * 256), raw.slice(at));
    for (const bytes of [bent, inserted]) {
      const parsed = parseCommit(bytes);
      // A changed number may still be a commit, but never a second writing of one.
      if (!parsed.ok) continue;
      const { signature } = parsed.value;
      expect(serialize(parsed.value, signature.key, signature.bytes)).toEqual(bytes);
    }
  }
});

it('an armour or blob that differs anywhere from the one writing is not read (S15, R3)', () => {
  const signature = { key: publicKey, namespace: 'git', bytes: new Uint8Array(64).fill(9) };
  const blob = encodeBlob(signature);
  expect(readBlob(blob, 'git')).toEqual(signature);
  expect(readBlob(blob, 'file')).toBeUndefined();
  for (let at = 0; at < blob.length; at++) {
    const bent = blob.slice();
    bent[at] = (bent[at] as number) ^ 1;
    const read = readBlob(bent, 'git');
    if (read) expect(encodeBlob(read)).toEqual(bent);
    expect(readBlob(blob.slice(0, at), 'git')).toBeUndefined();
  }
  expect(readArmour(armour(signature), 'git')).toEqual(signature);
  for (const bent of [
    armour(signature).trimEnd(),
    ` ${armour(signature)}`,
    '',
    '\n\n\n',
    'x'.repeat(2000),
  ]) {
    expect(readArmour(bent, 'git')).toBeUndefined();
  }
});

it('names are of fixed form, and H tells tags, borders and parts apart', () => {
  expect(conversationId(sid)).toMatch(/^[a-z2-7]{52}$/);
  expect(topicOf(cid)).toMatch(/^[a-z2-7]{26}$/);
  expect(() => conversationId('x')).toThrow(TypeError);
  const hashes = [
    H('sid', 'ab', 'c'),
    H('sid', 'a', 'bc'),
    H('sid', 'abc'),
    H('pt', 'abc'),
    H('sid'),
  ];
  expect(new Set(hashes.map(toB64u)).size).toBe(hashes.length);
});
