import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { BoxAway, BoxRefusal } from '#client/exchange.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { manifestBytes, readManifest, recordHash } from '#protocol/export/manifest.ts';
import { paths } from '#protocol/export/paths.ts';
import { recordStatement } from '#protocol/export/proposal.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { EndDevice } from '../../../support/client/end-device.ts';
import { seedOf } from '../../../support/people.ts';
import { sampleRecord, type SampleRecord } from '../../../support/record.ts';
import { packed, unpacked } from '../../../support/ustar.ts';

const { signal } = new AbortController();
const mebibyte = 1_048_576;
/** Long enough for several parts. */
const reader = new Uint8Array(3 * mebibyte).fill(0x20);
let sample: SampleRecord;

beforeAll(async () => {
  sample = await sampleRecord(reader);
}, 30_000);

function hashOf(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('hex');
}

async function offerOf(bytes: Uint8Array, r = sample.plan.r, signer = sample.box.signer) {
  const h = hashOf(bytes);
  const statement = recordStatement({ cid: sample.cid, h, r });
  return { h, r, s: toB64u(await signer.sign('parley-box-v1', statement)), size: bytes.length };
}

/** Alice's device, to which a box offers these bytes. */
async function offered(bytes = sample.bytes, r = sample.plan.r) {
  const alice = new EndDevice(sample.device('alice@red'), sample.box.signer.publicKey);
  alice.doors.hold(bytes);
  await alice.copy.propose(await offerOf(bytes, r));
  return alice;
}

describe('a record', () => {
  it('is fetched in parts, checked, and held', async () => {
    const alice = await offered();
    expect(alice.copy.view()).toMatchObject({ state: 'none', done: 0, size: sample.bytes.length });
    await alice.copy.fetch(signal);
    expect(alice.doors.asked.filter((one) => one.startsWith('/v1/end/record'))).toHaveLength(4);
    const { found, ...view } = { ...alice.copy.view() };
    expect(view).toMatchObject({ state: 'held', done: sample.bytes.length });
    expect(found).toMatchObject({ conversations: 2, files: 1 });
    expect(Buffer.from((await alice.copy.file()) as Uint8Array).equals(sample.bytes)).toBe(true);
  });

  it('goes on from the part it had, over a lost way and over a restart', async () => {
    const alice = await offered();
    let asked = 0;
    const whole = alice.doors.answers.get('/v1/end/record');
    const stop = new AbortController();
    alice.doors.answers.set('/v1/end/record', (question) => {
      if ((asked += 1) > 2) {
        if (asked > 5) stop.abort();
        throw new BoxAway();
      }
      return whole?.(question) ?? new Uint8Array();
    });
    await expect(alice.copy.fetch(stop.signal)).rejects.toThrow();
    await alice.reopen();
    expect(alice.copy.view()).toMatchObject({ state: 'saving', done: 2 * mebibyte });
    alice.doors.hold(sample.bytes);
    alice.doors.asked.length = 0;
    await alice.copy.resume(signal);
    expect(alice.copy.isHeld).toBe(true);
    expect(alice.doors.asked[0]).toMatch(/^\/v1\/end\/record bytes=2097152-/u);
  });

  it('that the box of the own code did not sign is no record', async () => {
    const alice = new EndDevice(sample.device('alice@red'), sample.box.signer.publicKey);
    const other = seedSigner(seedOf('another box'));
    await alice.copy.propose(await offerOf(sample.bytes, sample.plan.r, other));
    await alice.copy.propose(await offerOf(sample.bytes, sample.plan.r, other));
    expect(alice.copy.view()).toBeUndefined();
    expect(alice.problems).toEqual(['RECORD_UNPROVEN']);
    await expect(alice.copy.fetch(signal)).rejects.toMatchObject({
      problem: { code: 'CLOSING_NOT_YET' },
    });
  });

  it.each([
    ['another byte', (part: Uint8Array) => part.map((byte, i) => (i === 99 ? byte ^ 1 : byte))],
    ['a part too short', (part: Uint8Array) => part.subarray(1)],
    [
      'a part too long',
      () => {
        throw new BoxRefusal(502, 'CLIENT_REPLY_TOO_LARGE');
      },
    ],
  ] as const)(
    'with %s is damaged, leaves nothing here, and can be fetched anew',
    async (_, bend) => {
      const alice = await offered();
      const whole = alice.doors.answers.get('/v1/end/record');
      alice.doors.answers.set('/v1/end/record', (question) => {
        const range = question.headers?.['range'] ?? '';
        const part = whole?.(question) ?? new Uint8Array();
        return range.startsWith('bytes=3145728') ? bend(part) : part;
      });
      const damaged = { problem: { code: 'RECORD_DAMAGED' } };
      await expect(alice.copy.fetch(signal)).rejects.toMatchObject(damaged);
      expect(alice.copy.view()).toMatchObject({ state: 'damaged', ...damaged });
      expect(alice.parts.disk.size).toBe(0);
      alice.doors.hold(sample.bytes);
      await alice.copy.fetch(signal);
      expect(alice.copy.view()?.problem).toBeUndefined();
    },
  );

  it('that holds by its hash and breaks the rules is false', async () => {
    const files = await unpacked(sample.bytes);
    files.set(paths.readme, utf8('other words'));
    const bytes = packed(files);
    const alice = await offered(bytes);
    await expect(alice.copy.fetch(signal)).rejects.toMatchObject({
      problem: { code: 'RECORD_FALSE' },
    });
    expect(alice.copy.isHeld).toBe(false);
  });

  it('of another R than its manifest has is false', async () => {
    const alice = await offered(sample.bytes, toB64u(new Uint8Array(64)));
    await expect(alice.copy.fetch(signal)).rejects.toMatchObject({
      problem: { code: 'RECORD_FALSE' },
    });
  });

  it('that is no archive at all is false, and nothing is thrown', async () => {
    const alice = await offered(new Uint8Array(70_000).fill(7));
    await expect(alice.copy.fetch(signal)).rejects.toMatchObject({
      problem: { code: 'RECORD_FALSE' },
    });
  });

  it('is held no more when somebody was at the disk', async () => {
    const alice = await offered();
    await alice.copy.fetch(signal);
    const [parts] = alice.parts.disk.values();
    const part = parts?.get(1) as Uint8Array;
    part[5] = (part[5] ?? 0) ^ 1;
    const damaged = { problem: { code: 'RECORD_DAMAGED' } };
    await expect(alice.copy.file()).rejects.toMatchObject(damaged);
    expect(alice.copy.view()).toMatchObject({ state: 'damaged', ...damaged });
  });

  it('of a second proposal is kept beside the first, which stays', async () => {
    const alice = await offered();
    const files = await unpacked(sample.bytes);
    const read = readManifest(files.get(paths.manifest) as Uint8Array);
    if (!read.ok) throw new Error(read.why);
    const { reader: _, ...rest } = read.value;
    const manifest = manifestBytes(rest);
    files.set(paths.manifest, manifest).delete(paths.reader);
    const second = await offerOf(packed(files), recordHash(manifest));
    await alice.copy.propose(second);
    expect(alice.copy.offer?.h).toBe(hashOf(sample.bytes));
    expect(alice.copy.other).toEqual(second);
    await alice.reopen();
    expect(alice.copy.other).toEqual(second);
  });
});

describe('a record that lacks something', () => {
  async function carols(): Promise<EndDevice> {
    const carol = new EndDevice(sample.device('carol@red'), sample.box.signer.publicKey);
    carol.doors.hold(sample.bytes);
    await carol.copy.propose(await offerOf(sample.bytes));
    return carol;
  }

  it('of the mission is fine if the box took it in since, and lists it', async () => {
    const device = sample.device('carol@red');
    const pre = { id: toB64u(new Uint8Array(8)), x: toB64u(new Uint8Array(32).fill(9)) };
    const late = await device.write(device.mission, 'devadd', { pre });
    const carol = await carols();
    carol.doors.say('/v1/end/receipt', { commits: [] });
    const lacking = { problem: { code: 'RECORD_LACKING' } };
    await expect(carol.copy.fetch(signal)).rejects.toMatchObject(lacking);
    expect(carol.copy.view()).toMatchObject({ state: 'lacking', ...lacking });
    carol.doors.say('/v1/end/receipt', { commits: [Buffer.from(late.raw).toString('base64')] });
    await carol.copy.fetch(signal);
    expect(carol.copy.isHeld).toBe(true);
  });

  it('of what ends the mission is fine', async () => {
    const device = sample.device('bob@blue');
    await device.write(device.mission, 'dispute', { why: 'refused' });
    const bob = new EndDevice(device, sample.box.signer.publicKey);
    bob.doors.hold(sample.bytes);
    await bob.copy.propose(await offerOf(sample.bytes));
    await bob.copy.fetch(signal);
    expect(bob.copy.isHeld).toBe(true);
  });

  it('of a conversation is not', async () => {
    const device = sample.device('carol@red');
    await device.say(sample.room, 'The box left this out');
    const carol = await carols();
    await expect(carol.copy.fetch(signal)).rejects.toMatchObject({
      problem: { code: 'RECORD_LACKING' },
    });
  });
});
