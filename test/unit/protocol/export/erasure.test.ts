import { beforeAll, expect, it } from 'vitest';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { toB64u, toBase64 } from '#protocol/codec/text-form.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import {
  checkErasure,
  erasureMessage,
  erasureNumber,
  erasureText,
  readErasure,
  type Erasure,
  type ErasureClaim,
} from '#protocol/export/erasure.ts';
import { seedOf } from '../../../support/people.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';

const box = seedSigner(seedOf('box'));
const claim: ErasureClaim = {
  cid: 'a'.repeat(52),
  commits: [toBase64(seedOf('commit'))],
  erased: [['mission/files', 3, 12_345]],
  excused: [],
  h: '0f'.repeat(64),
  r: toB64u(new Uint8Array(64).fill(7)),
  medium: 'files',
  method: 'removed',
  receipts: [toB64u(new Uint8Array(64).fill(1)), toB64u(new Uint8Array(64).fill(2))],
  t: 'erased',
  unseen: [],
  v: 1,
  when: 1_800_000_000,
};
let erasure: Erasure;

beforeAll(async () => {
  const s = toB64u(await box.sign('parley-box-v1', erasureMessage(claim)));
  erasure = { bk: toB64u(box.publicKey), c: claim, s };
});

it('a certificate is read as the box wrote it, and its signature holds', async () => {
  const read = readErasure(erasureText(erasure));
  expect(read).toEqual({ ok: true, value: erasure });
  expect(await checkErasure(nodeEngine, erasure)).toEqual({ ok: true });
  expect(erasureNumber(erasure)).toMatch(/^[0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}$/);
});

it('another claim, key or signature is not what the box signed', async () => {
  const other = toB64u(seedSigner(seedOf('other')).publicKey);
  const lies: Erasure[] = [
    { ...erasure, bk: other },
    { ...erasure, s: toB64u(new Uint8Array(64)) },
    { ...erasure, c: { ...claim, unseen: ['mission/x'] } },
    { ...erasure, c: { ...claim, when: claim.when + 1 } },
    { ...erasure, c: { ...claim, receipts: claim.receipts.slice(1) } },
  ];
  for (const lie of lies) {
    expect(readErasure(erasureText(lie)).ok).toBe(true);
    expect(await checkErasure(nodeEngine, lie)).toMatchObject({ ok: false, rule: 'T7' });
  }
});

it('a text of another form is refused and never throws', () => {
  const bent = (change: object) =>
    encode({ ...erasure, c: { ...claim, ...change } } as unknown as Json);
  const texts = [
    '',
    'null',
    '{}',
    ` ${erasureText(erasure)}`,
    erasureText(erasure).slice(0, -1),
    bent({ t: 'kept' }),
    bent({ medium: 'paper' }),
    bent({ receipts: claim.receipts.toReversed() }),
    bent({ excused: ['..'] }),
    bent({ commits: ['?'] }),
    bent({ erased: [['a', 1]] }),
    bent({ more: 1 }),
  ];
  for (const text of texts) expect(readErasure(text)).toMatchObject({ ok: false, rule: 'T7' });
});
