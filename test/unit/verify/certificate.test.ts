import { beforeAll, expect, it } from 'vitest';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { H } from '#protocol/codec/hash.ts';
import { toB64u, toBase64, toHex } from '#protocol/codec/text-form.ts';
import { erasureMessage, erasureText, type ErasureClaim } from '#protocol/export/erasure.ts';
import { challengeOf, possession } from '#protocol/export/possession.ts';
import { bytesInMemory } from '#protocol/export/record-bytes.ts';
import { receiptMessage } from '#protocol/state/kinds/receipt.ts';
import { checkCertificate } from '../../../provisioning/verify/end/certificate.ts';
import { checkRecord } from '../../../provisioning/verify/record/check.ts';
import { memoryBytes } from '../../../provisioning/verify/record/bytes.ts';
import { attempt } from '../../../provisioning/verify/refusal.ts';
import { filePorts } from '../../support/files.ts';
import { all, sync, type SimDevice } from '../../support/swarm-simulator/device.ts';
import {
  agreementTo,
  closed,
  finalOf,
  nonceOf,
  type SimEnd,
} from '../../support/swarm-simulator/end.ts';
import { recordHeardFrom, verified } from '../../support/verify-record.ts';

type Args = { [key: string]: Json };

let sim: SimEnd;
let record: Uint8Array;
let name: { h: string; r: string };
let later: Commit[];
let receipts: string[];

/** What a party that has the record computes, and nobody else can (T5). */
async function possessionOf(
  own: SimDevice,
  others: readonly SimDevice[],
  bytes: Uint8Array,
): Promise<string> {
  const known = others.toSorted((a, b) => (a.keys.pfp < b.keys.pfp ? -1 : 1));
  const challenge = challengeOf(own.keys.pfp, known.map(nonceOf));
  return toB64u(await possession(filePorts.hashes, challenge, bytesInMemory(bytes)));
}

beforeAll(async () => {
  sim = await closed('alice@red', 'bob@blue');
  for (const one of sim.people) await one.write(one.mission, 'final', finalOf(one));
  await sync(...sim.people);
  const [alice, bob] = sim.people as [SimDevice, SimDevice];
  record = await recordHeardFrom(alice);
  const account = verified(record);
  if (typeof account === 'string') throw new Error(account);
  name = { h: account.h, r: account.r as string };
  const before = new Set(all(alice.mission).map(({ sid }) => sid));
  for (const one of sim.people)
    await one.write(one.mission, 'agree', await agreementTo(sim, one, name));
  await sync(alice, bob);
  receipts = [];
  for (const one of sim.people) {
    const p = await possessionOf(
      one,
      sim.people.filter((other) => other !== one),
      record,
    );
    const s = await one.keys.member.sign(
      'swarm-receipt-v1',
      receiptMessage(sim.cid, { ...name, p }),
    );
    const made = await one.write(one.mission, 'receipt', { ...name, p, s: toB64u(s) } as Args);
    receipts.push(made.sid);
  }
  await sync(alice, bob);
  later = all(alice.mission).filter(({ sid }) => !before.has(sid));
});

async function certificate(change: Partial<ErasureClaim> = {}, box = sim.box): Promise<string> {
  const c: ErasureClaim = {
    ...{ cid: sim.cid, ...name, excused: [], medium: 'files', method: 'removed', unseen: [] },
    ...{ commits: later.map(({ raw }) => toBase64(raw)), erased: [['mission/files', 3, 12_345]] },
    ...{ receipts: receipts.toSorted(), t: 'erased', v: 1, when: 1_800_000_000 },
    ...change,
  };
  const s = toB64u(await box.sign('parley-box-v1', erasureMessage(c)));
  return erasureText({ bk: toB64u(box.publicKey), c, s });
}

/** What a certificate comes to, over the record's bytes. */
function judged(text: string, bytes = record) {
  const findings = checkRecord(memoryBytes(bytes), () => undefined);
  if (findings.mission === undefined) throw new Error('there is no mission');
  const whole = { ...findings, mission: findings.mission };
  const made = attempt(() =>
    checkCertificate(Buffer.from(text), whole, memoryBytes(bytes), () => undefined),
  );
  const faults = findings.faults.list;
  return 'value' in made
    ? { ...made.value, faults, end: whole.mission.swarm.whole().state.end }
    : { refused: made.refusal.message, faults };
}

it('a certificate, the commits in it and every receipt hold, over the bytes of the record', async () => {
  expect(judged(await certificate())).toMatchObject({
    faults: [],
    possessions: 2,
    later: 4,
    medium: 'files',
    end: { receipts: [{ h: name.h }, { h: name.h }] },
  });
});

it('a claim that the box did not sign, another box, or another record', async () => {
  const text = await certificate();
  const other = sim.people[0] as SimDevice;
  for (const [bent, why] of [
    [text.replace('"when":1800000000', '"when":1800000001'), 'signature of the box'],
    [await certificate({}, other.keys.device), 'another box'],
    [await certificate({ h: toHex(H('record', 'another')) }), 'another record'],
    [await certificate({ excused: [other.keys.pfp] }), 'excuses others'],
    [await certificate({ receipts: [toB64u(new Uint8Array(64))] }), 'receipt that is none'],
  ] as const) {
    const { faults } = judged(bent);
    expect([why, faults.some((one) => one.why.includes(why))]).toEqual([why, true]);
  }
});

it('a wipe before both had signed their receipts (T7)', async () => {
  const early = later.slice(0, -1);
  const missing = receipts.filter((sid) => early.some((one) => one.sid === sid)).toSorted();
  const text = await certificate({
    commits: early.map(({ raw }) => toBase64(raw)),
    receipts: missing,
  });
  expect(judged(text).faults).toMatchObject([
    { rule: 'T7', why: expect.stringContaining('no receipt') as string },
  ]);
});

it('a receipt by somebody who had only the hash of the record (T5)', async () => {
  const other = record.slice();
  other[100]! ^= 1;
  const [alice] = sim.people as [SimDevice];
  const p = await possessionOf(alice, sim.people.slice(1), other);
  const s = await alice.keys.member.sign(
    'swarm-receipt-v1',
    receiptMessage(sim.cid, { ...name, p }),
  );
  const made = await alice.write(alice.mission, 'receipt', { ...name, p, s: toB64u(s) } as Args);
  const commits = [...later, made].map(({ raw }) => toBase64(raw));
  const { faults } = judged(
    await certificate({ commits, receipts: [...receipts, made.sid].sort() }),
  );
  expect(faults).toMatchObject([
    { rule: 'T5', where: expect.stringContaining(made.sid) as string },
  ]);
});

it('a text that is no certificate is refused in a sentence', async () => {
  const text = await certificate();
  for (const bent of [
    '',
    '{}',
    'null',
    ` ${text}`,
    text.slice(1),
    encode({ bk: '', c: {}, s: '' }),
  ]) {
    expect(judged(bent)).toHaveProperty('refused');
  }
});
