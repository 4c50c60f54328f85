import { generateKeyPairSync, sign } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeEngine } from '#kernel/node-engine.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { H } from '#protocol/codec/hash.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { signable } from '#protocol/crypto/sign.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { ReceiptLog } from '../../../../appliance/services/swarm/receipt-log.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const boxKey = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
const signReceipt = (bytes: Uint8Array): Promise<Uint8Array> =>
  Promise.resolve(new Uint8Array(sign(null, signable('parley-box-v1', bytes), privateKey)));

let room: string;
let path: string;
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'parley-receipts-'));
  path = join(room, 'receipts', 'c.log');
});
afterEach(() => rm(room, { recursive: true, force: true }));

const open = async (): Promise<ReceiptLog> => {
  const log = new ReceiptLog(path, 'c', signReceipt);
  await log.open();
  return log;
};

interface Line {
  c: { cid: string; p: string; sid: string; t: number };
  s: string;
}

const lines = async (): Promise<string[]> =>
  (await readFile(path, 'utf8')).split('\n').slice(0, -1);

test('each line is signed by the box and names the hash of the line before', async () => {
  const log = await open();
  await log.append(['one', 'two'], 100);
  await log.append(['three'], 160);
  const found = await lines();
  expect(found).toHaveLength(3);
  let before: string | undefined;
  for (const line of found) {
    const { c, s } = JSON.parse(line) as Line;
    expect(c.p).toBe(before === undefined ? '' : toB64u(H('receipt', before)));
    const signature = fromB64u(s, 64) as Uint8Array;
    const receipt = utf8(encode(c as unknown as Json));
    expect(await verifyBlob(nodeEngine, 'parley-box-v1', boxKey, receipt, signature)).toBe(true);
    before = line;
  }
});

test('a commit gets one receipt, also after a restart', async () => {
  await (await open()).append(['one'], 100);
  const again = await open();
  expect(again.has('one')).toBe(true);
  await again.append(['one', 'two'], 200);
  expect((await lines()).map((line) => (JSON.parse(line) as Line).c.sid)).toEqual(['one', 'two']);
});

test('a line that a power cut left unfinished is dropped and the chain goes on', async () => {
  await (await open()).append(['one'], 100);
  await appendFile(path, '{"c":{"cid":"c","p":"');
  const again = await open();
  await again.append(['two'], 200);
  const [first, second] = await lines();
  expect((JSON.parse(second as string) as Line).c.p).toBe(toB64u(H('receipt', first as string)));
});

test('a log that somebody has edited is not taken for one (S144)', async () => {
  await (await open()).append(['one'], 100);
  await appendFile(path, 'nonsense\n');
  await expect(open()).rejects.toThrow('damaged');
});
