import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { concat } from '#protocol/codec/bytes.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { sealChunk } from '#protocol/transfer/chunk.ts';
import { IncomingFile } from '#protocol/transfer/incoming-file.ts';
import { chunkBytes, layoutOf } from '#protocol/transfer/layout.ts';
import { addressOf, type FileOffer } from '#protocol/transfer/offer.ts';
import { OutgoingFile } from '#protocol/transfer/outgoing-file.ts';
import type { Verdict } from '#protocol/verdict.ts';
import { webCipher } from '../../../../web/e2ee/web-cipher.ts';
import { fileOf, filePorts } from '../../../support/files.ts';
import { seeded, seededBytes } from '../../../support/seeded.ts';

const random = seeded(5);
const bytes = new Uint8Array(seededBytes(random, 3 * chunkBytes + 100));

async function sealed(content = bytes): Promise<{ offer: FileOffer; chunks: Uint8Array[] }> {
  const file = await OutgoingFile.prepare(filePorts, fileOf(content));
  const chunks: Uint8Array[] = [];
  for (let index = 0; index < file.layout.chunks; index++) {
    const chunk = await file.chunk(index);
    if (!chunk.ok) throw new Error(chunk.why);
    chunks.push(chunk.value);
  }
  return { offer: file.offer, chunks };
}

async function incoming(offer: unknown): Promise<IncomingFile> {
  const file = await IncomingFile.start(filePorts, offer);
  if (!file.ok) throw new Error(file.why);
  return file.value;
}

/** The plaintext, or the first refusal. */
async function fetched(
  offer: FileOffer,
  chunks: readonly Uint8Array[],
): Promise<{ verdict: Verdict; plain: Uint8Array }> {
  const file = await incoming(offer);
  const parts: Uint8Array[] = [];
  for (const chunk of chunks) {
    const part = await file.take(chunk);
    if (!part.ok) return { verdict: part, plain: concat(...parts) };
    parts.push(part.value);
  }
  return { verdict: file.end(), plain: concat(...parts) };
}

it.each([0, 1, 1024, chunkBytes, chunkBytes + 1, 300_000])(
  'a file of %i bytes arrives as it was',
  async (size) => {
    const content = bytes.slice(0, size);
    const { offer, chunks } = await sealed(content);
    const { verdict, plain } = await fetched(offer, chunks);
    expect(verdict).toEqual({ ok: true });
    expect(Buffer.compare(plain, content)).toBe(0);
  },
);

it('the address is the hash of what the box holds, and sha3sum that of the file', async () => {
  const { offer, chunks } = await sealed();
  const box = createHash('sha512').update(concat(...chunks));
  expect(addressOf(offer)).toBe(box.digest('hex'));
  expect(offer.sha3sum).toBe(createHash('sha3-512').update(bytes).digest('hex'));
});

it('one file sent twice has nothing in common', async () => {
  const [a, b] = [await sealed(), await sealed()];
  expect(a.offer.ch).not.toBe(b.offer.ch);
  expect(a.offer.key).not.toBe(b.offer.key);
  expect(a.offer.tid).not.toBe(b.offer.tid);
});

it('a chunk asked for again is the same, and several make one body', async () => {
  const file = await OutgoingFile.prepare(filePorts, fileOf(bytes));
  const [one, again, both] = [await file.chunk(1), await file.chunk(1), await file.chunks(1, 3)];
  if (!one.ok || !again.ok || !both.ok) throw new Error('no chunk');
  expect(Buffer.compare(one.value, again.value)).toBe(0);
  expect(Buffer.compare(both.value.subarray(0, one.value.length), one.value)).toBe(0);
});

it('a file that changed after it was prepared is not sent', async () => {
  const content = bytes.slice();
  const file = await OutgoingFile.prepare(filePorts, fileOf(content));
  content[chunkBytes] = (content[chunkBytes] as number) ^ 1;
  expect(await file.chunk(0)).toMatchObject({ ok: true });
  expect(await file.chunk(1)).toMatchObject({ ok: false, why: 'the file has changed' });
});

it('a file that got shorter is not prepared', async () => {
  const file = { ...fileOf(bytes), size: bytes.length + 1 };
  await expect(OutgoingFile.prepare(filePorts, file)).rejects.toThrow('as long as');
});

it('progress is told and ends at the size', async () => {
  const seen: number[] = [];
  await OutgoingFile.prepare(filePorts, fileOf(bytes), (done) => seen.push(done));
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(bytes.length);
});

const attacks: [string, (chunks: Uint8Array[]) => Uint8Array[]][] = [
  ['a changed byte', ([a, ...rest]) => [flipped(a!, 9), ...rest]],
  ['a changed tag', ([a, ...rest]) => [flipped(a!, a!.length - 1), ...rest]],
  ['two chunks in the other order', ([a, b, ...rest]) => [b!, a!, ...rest]],
  ['a chunk that comes twice', ([a, ...rest]) => [a!, a!, ...rest]],
  ['a chunk left out', ([, ...rest]) => rest],
  ['the end cut off', (chunks) => chunks.slice(0, -1)],
  ['a chunk cut short', ([a, ...rest]) => [a!.slice(0, -1), ...rest]],
  ['a chunk behind the last', (chunks) => [...chunks, chunks[0]!]],
  ['nothing at all', () => []],
  ['an empty chunk', ([, ...rest]) => [new Uint8Array(0), ...rest]],
];

it.each(attacks)('%s is refused', async (_, attack) => {
  const { offer, chunks } = await sealed();
  expect((await fetched(offer, attack(chunks))).verdict.ok).toBe(false);
});

it('a last chunk sealed as an inner one is refused: the file cannot end early', async () => {
  const raw = new Uint8Array(32).fill(1);
  const key = await webCipher.key(raw);
  const long = layoutOf(2 * chunkBytes);
  const first = await sealChunk(key, long, 0, bytes.slice(0, chunkBytes));
  const { offer } = await sealed(bytes.slice(0, chunkBytes));
  const lie = { ...offer, key: toB64u(raw), ch: hashOf(first) };
  expect((await fetched(lie, [first])).verdict).toMatchObject({ rule: 'S7.7' });
});

it.each([1, -1, 1000])('a size that is off by %i is refused', async (by) => {
  const { offer, chunks } = await sealed();
  const lie = { ...offer, size: offer.size + by };
  expect((await fetched(lie, chunks)).verdict.ok).toBe(false);
});

it('padding that says something is refused', async () => {
  const raw = new Uint8Array(32).fill(2);
  const key = await webCipher.key(raw);
  const layout = layoutOf(10);
  const chunk = await sealChunk(key, layout, 0, new Uint8Array(1024).fill(1));
  const { offer } = await sealed(bytes.slice(0, 10));
  const lie = { ...offer, key: toB64u(raw), ch: hashOf(chunk) };
  expect((await fetched(lie, [chunk])).verdict).toMatchObject({ rule: 'K19' });
});

it('a sender who names another sha3sum or ciphertext is found out at the end (S118)', async () => {
  const { offer, chunks } = await sealed();
  const other = { ...offer, sha3sum: offer.sha3sum.replace(/^./, (c) => (c === '0' ? '1' : '0')) };
  expect((await fetched(other, chunks)).verdict).toMatchObject({ why: /plaintext/ });
  const ch = toB64u(new Uint8Array(64));
  expect((await fetched({ ...offer, ch }, chunks)).verdict).toMatchObject({ why: /ciphertext/ });
});

it.each<[string, object]>([
  ['another chunk size', { chunk: 4096 }],
  ['a size beyond the limit', { size: 2 ** 31 + 1 }],
  ['a negative size', { size: -1 }],
  ['a short key', { key: 'AAAA' }],
  ['capital hex', { sha3sum: 'A'.repeat(128) }],
  ['one field more', { path: '/etc/passwd' }],
])('an offer with %s is refused', async (_, change) => {
  const { offer } = await sealed(bytes.slice(0, 10));
  expect((await IncomingFile.start(filePorts, { ...offer, ...change })).ok).toBe(false);
});

it('a fetch goes on after a restart with what was kept (S119)', async () => {
  const { offer, chunks } = await sealed();
  const before = await incoming(offer);
  const kept: Uint8Array[] = [];
  for (const chunk of chunks.slice(0, 2)) {
    const part = await before.take(chunk);
    if (part.ok) kept.push(part.value);
  }
  const after = await incoming(offer);
  for (const plain of kept) await after.restore(plain);
  expect(after.next).toBe(2);
  for (const chunk of chunks.slice(2)) expect(await after.take(chunk)).toMatchObject({ ok: true });
  expect(after.end()).toEqual({ ok: true });
});

it('kept plaintext that was changed is found out at the end', async () => {
  const { offer, chunks } = await sealed();
  const file = await incoming(offer);
  await file.restore(new Uint8Array(chunkBytes));
  for (const chunk of chunks.slice(1)) expect(await file.take(chunk)).toMatchObject({ ok: true });
  expect(file.end()).toMatchObject({ ok: false });
  await expect(incoming(offer).then((f) => f.restore(new Uint8Array(5)))).rejects.toThrow(
    RangeError,
  );
});

function flipped(chunk: Uint8Array, at: number): Uint8Array {
  const bent = chunk.slice();
  bent[at] = (bent[at] as number) ^ 1;
  return bent;
}

function hashOf(sealedBytes: Uint8Array): string {
  return createHash('sha512').update(sealedBytes).digest('base64url');
}
