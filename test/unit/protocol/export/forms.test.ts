import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '#protocol/codec/bytes.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { sha512 } from '#protocol/codec/digest.ts';
import { H } from '#protocol/codec/hash.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { merkleRoot } from '#protocol/export/merkle.ts';
import { challengeOf, possession } from '#protocol/export/possession.ts';
import { checkProposal, recordStatement } from '#protocol/export/proposal.ts';
import { bytesInMemory } from '#protocol/export/record-bytes.ts';
import { inPackOrder, refsOf } from '#protocol/export/refs.ts';
import { deflateStored, inflateStored, storedSize } from '#protocol/export/stored-deflate.ts';
import { entryHead, largestEntry, padding, readEntryHead } from '#protocol/export/ustar.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { filePorts } from '../../../support/files.ts';
import { seedOf } from '../../../support/people.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { seeded, seededBytes } from '../../../support/seeded.ts';

const { hashes } = filePorts;

describe('deflate without compressing', () => {
  const sizes = [0, 1, 65_534, 65_535, 65_536, 131_070, 131_071, 262_144];

  it.each(sizes)('%i bytes: zlib reads it, and so do we', (size) => {
    const body = new Uint8Array(seededBytes(seeded(size), size));
    const stream = deflateStored(body);
    expect(stream.length).toBe(storedSize(size));
    expect(new Uint8Array(inflateSync(stream))).toEqual(body);
    expect(inflateStored(concat(utf8('before'), stream, utf8('after')), 6, size)).toEqual(body);
  });

  it('no flipped bit is read, nor another size', () => {
    const stream = deflateStored(utf8('water is rising'));
    for (let bit = 0; bit < stream.length * 8; bit++) {
      const bent = stream.slice();
      bent[bit >> 3]! ^= 1 << (bit & 7);
      expect(inflateStored(bent, 0, 15)).toBeUndefined();
    }
    for (const size of [0, 14, 16, 100_000]) {
      expect(inflateStored(stream, 0, size)).toBeUndefined();
    }
  });
});

describe('an archive header', () => {
  const paths = ['a', 'README.txt', `files/${'a'.repeat(64)}/${'b'.repeat(64)}`, 'x'.repeat(100)];

  it.each(paths)('of %s is read as it was written', (path) => {
    for (const size of [0, 1, 512, largestEntry]) {
      expect(readEntryHead(entryHead({ path, size }))).toEqual({ ok: true, value: { path, size } });
    }
  });

  it('is not written for what the form cannot say', () => {
    expect(() => entryHead({ path: 'a', size: largestEntry + 1 })).toThrow(RangeError);
    expect(() => entryHead({ path: '../a', size: 1 })).toThrow(RangeError);
    expect(() => entryHead({ path: 'x'.repeat(101), size: 1 })).toThrow(RangeError);
    expect(padding(512)).toHaveLength(0);
    expect(padding(513)).toHaveLength(511);
  });
});

describe('the Merkle root', () => {
  const sids = Array.from({ length: 5 }, (_, i) => toB64u(sha512(utf8(`${i}`)))).sort();
  const leaf = (i: number) => H('leaf', fromB64u(sids[i]!)!);

  it('joins pairs, and an odd one goes up as it is', () => {
    expect(merkleRoot([sids[0]!])).toBe(toB64u(leaf(0)));
    expect(merkleRoot(sids.slice(0, 2))).toBe(toB64u(H('node', leaf(0), leaf(1))));
    const four = H('node', H('node', leaf(0), leaf(1)), H('node', leaf(2), leaf(3)));
    expect(merkleRoot(sids)).toBe(toB64u(H('node', four, leaf(4))));
  });

  it('does not depend on the order, and on everything else', () => {
    expect(merkleRoot(sids.toReversed())).toBe(merkleRoot(sids));
    const roots = sids.map((_, i) => merkleRoot(sids.toSpliced(i, 1)));
    expect(new Set([...roots, merkleRoot(sids)]).size).toBe(6);
    expect(() => merkleRoot([])).toThrow(TypeError);
  });
});

describe('refs', () => {
  const commit = (sid: string, d: string, q: number, pq?: string) =>
    ({ sid, oid: `o${sid}`, envelope: { d, q, l: q + 1, ...(pq && { pq }) } }) as unknown as Commit;

  it('of a device that contradicted itself: the longest branch is its own, then the lowest sid', () => {
    const chain = [commit('a', 'x', 0), commit('b', 'x', 1, 'a')];
    const forked = [...chain, commit('c', 'x', 1, 'a'), commit('d', 'x', 2, 'c')];
    const names = (commits: Commit[]) => [...refsOf(inPackOrder(commits))].map(([name]) => name);
    expect(names(chain)).toEqual(['HEAD', 'refs/heads/dev/x', 'refs/heads/main']);
    expect(refsOf(inPackOrder(forked)).get('refs/heads/dev/x')).toBe('od');
    expect(names(forked)).toContain('refs/heads/fork/ob');
    const even = inPackOrder([...chain, commit('c', 'x', 1, 'a')]);
    expect(refsOf(even).get('refs/heads/dev/x')).toBe('ob');
    expect(refsOf(inPackOrder(even.toReversed()))).toEqual(refsOf(even));
  });
});

describe('possession', () => {
  const record = bytesInMemory(new Uint8Array(seededBytes(seeded(9), 2_500_000)));
  const nonces = [seedOf('one'), seedOf('two')];

  it('is the hash of challenge and whole record (T5)', async () => {
    const challenge = challengeOf('p', nonces);
    expect(challenge).toEqual(H('challenge', 'p', ...nonces));
    const bytes = await record.read(0, record.size);
    const heard: number[] = [];
    const made = await possession(hashes, challenge, record, (done) => void heard.push(done));
    expect(made).toEqual(sha512(utf8('swarm1/poss\0'), challenge, bytes));
    expect(heard.at(-1)).toBe(record.size);
  });

  it("is another for each party, nonce, order and byte: nobody's answer serves another", async () => {
    const bent = (await record.read(0, record.size)).slice();
    bent[2_000_000]! ^= 1;
    const answers = await Promise.all([
      possession(hashes, challengeOf('p', nonces), record),
      possession(hashes, challengeOf('q', nonces), record),
      possession(hashes, challengeOf('p', nonces.toReversed()), record),
      possession(hashes, challengeOf('p', nonces.slice(0, 1)), record),
      possession(hashes, challengeOf('p', nonces), bytesInMemory(bent)),
    ]);
    expect(new Set(answers.map(toB64u)).size).toBe(5);
  });
});

describe('what the box proposes', () => {
  const box = seedSigner(seedOf('box'));
  const record = { cid: 'a'.repeat(52), h: '0'.repeat(128), r: toB64u(seedOf('r')) };

  it('holds the box to one record: two of its signatures are proof', async () => {
    const s = toB64u(await box.sign('parley-box-v1', recordStatement(record)));
    const bk = toB64u(box.publicKey);
    expect(await checkProposal(nodeEngine, bk, { ...record, s })).toBe(true);
    for (const lie of [{ cid: 'b'.repeat(52) }, { h: '1'.repeat(128) }, { r: 'A' }]) {
      expect(await checkProposal(nodeEngine, bk, { ...record, ...lie, s })).toBe(false);
    }
    const other = toB64u(seedSigner(seedOf('other')).publicKey);
    expect(await checkProposal(nodeEngine, other, { ...record, s })).toBe(false);
    expect(await checkProposal(nodeEngine, 'contested', { ...record, s })).toBe(false);
    expect(await checkProposal(nodeEngine, bk, { ...record, s: '' })).toBe(false);
  });
});
