import { beforeEach, expect, test } from 'vitest';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import {
  agreementOf,
  excusedUnits,
  isCloseFinal,
  isReadyForRecord,
  isReadyForWipe,
  missingDevices,
  noncesFor,
  openDisputes,
  receiptOf,
  requiredUnits,
} from '#protocol/state/end.ts';
import type { Op } from '#protocol/state/op.ts';
import { withdrawMessage } from '#protocol/state/kinds/withdraw.ts';
import { seedOf } from '../../../support/people.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import {
  agreementTo,
  close,
  closed,
  finalOf,
  nonceOf,
  receiptFor,
  recordNamed,
  type SimEnd,
} from '../../../support/swarm-simulator/end.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { mission, nothing64 } from '../../../support/swarm-simulator/mission.ts';

type Args = { [key: string]: Json };

const record = recordNamed(1);
let sim: SimEnd;
let alice: SimDevice;
let bob: SimDevice;
let carol: SimDevice;

beforeEach(async () => {
  sim = await closed('alice@red', 'bob@blue', 'carol@red');
  [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
});

/** Writes as these people would, and lets everybody know. */
async function say(who: SimDevice, k: string, x?: Args): Promise<void> {
  await who.write(who.mission, k, x);
  await sync(...sim.people);
}

const refusal = async (who: SimDevice, k: string, x?: Args) =>
  verdict(alice.mission, await forge(who, who.mission, { k, ...(x && { x }) }));

const state = () => alice.mission.view().state;

async function finals(): Promise<void> {
  for (const lead of [alice, bob]) await say(lead, 'final', finalOf(lead));
  await say(carol, 'final', { q: [] });
}

async function agreements(): Promise<void> {
  for (const lead of [alice, bob]) await say(lead, 'agree', await agreementTo(sim, lead, record));
}

test('V13: nothing of the end is valid before the close', async () => {
  const open = await mission('alice@red', 'bob@blue');
  const lead = open.device('alice@red');
  const kinds: [string, Args][] = [
    ['final', finalOf(lead)],
    ['agree', await agreementTo({ box: sim.box, cid: open.cid }, lead, record)],
    ['receipt', await receiptFor(open, lead, record)],
    ['elapsed', { p: lead.keys.pfp }],
    ['dispute', { why: 'missing' }],
  ];
  for (const [k, x] of kinds)
    expect(await verdict(lead.mission, await forge(lead, lead.mission, { k, x }))).toBe('V13');
});

test('V13: after the close nothing but the end, departures and merges', async () => {
  for (const k of ['invite', 'revoke', 'admit', 'devadd', 'leads', 'vote', 'box']) {
    expect(await refusal(alice, k, { t: 'x' })).toMatch(/^R(15|5)$/);
  }
  expect(await refusal(alice, 'box', { bk: toB64u(seedOf('k')) })).toBe('R15');
  await say(carol, 'leave');
  await say(bob, 'devrev', { d: bob.keys.dfp });
});

test('T3: the record waits for a final of every device, unless a lead gives the device up', async () => {
  expect(isCloseFinal(state())).toBe(false);
  await say(alice, 'final', finalOf(alice));
  expect(isCloseFinal(state())).toBe(false);
  await say(bob, 'final', finalOf(bob, { q: [[sim.cid, 3]] }));
  expect(isCloseFinal(state())).toBe(true);
  expect(missingDevices(state())).toEqual([carol.keys.dfp]);
  expect(isReadyForRecord(state())).toBe(false);
  await say(alice, 'final', finalOf(alice, { up: [carol.keys.dfp] }));
  expect(missingDevices(state())).toEqual([]);
  expect(isReadyForRecord(state())).toBe(true);
  await say(alice, 'final', finalOf(alice));
  expect(missingDevices(state())).toEqual([carol.keys.dfp]);
});

test('T3, T5: a final is in order, and only a lead gives up devices of its own or commits to a nonce', async () => {
  const up = [carol.keys.dfp];
  const twice: Args = { q: [[sim.cid, 1], [sim.cid, 2]] }; // prettier-ignore
  expect(await refusal(bob, 'final', finalOf(bob, { up }))).toBe('T3');
  expect(await refusal(carol, 'final', { q: [], up })).toBe('T3');
  expect(await refusal(carol, 'final', finalOf(carol))).toBe('T5');
  expect(await refusal(alice, 'final', twice)).toBe('R5');
  expect(await refusal(alice, 'final', { q: [[sim.cid, 'one']] })).toBe('R5');
  expect(await refusal(alice, 'final', finalOf(alice, { up: [...up, ...up] }))).toBe('R5');
});

test('T3: an agreement is by a lead, once, with the nonce of its final and the signature of the box', async () => {
  const x = await agreementTo(sim, alice, record);
  expect(await refusal(alice, 'agree', x)).toBe('T5');
  await finals();
  expect(await refusal(carol, 'agree', x)).toBe('T3');
  expect(await refusal(alice, 'agree', { ...x, n: toB64u(nonceOf(bob)) })).toBe('T5');
  expect(await refusal(alice, 'agree', { ...x, s: nothing64 })).toBe('T3');
  expect(await refusal(alice, 'agree', { ...x, ...recordNamed(2) })).toBe('T3');
  const other = { ...sim, box: seedSigner(seedOf('another box')) };
  expect(await refusal(alice, 'agree', await agreementTo(other, alice, record))).toBe('T3');
  await say(alice, 'agree', x);
  expect(agreementOf(state(), alice.keys.pfp)).toMatchObject({ ...record, n: x['n'] });
  expect(agreementOf(state(), bob.keys.pfp)).toBeUndefined();
  expect(await refusal(alice, 'agree', x)).toBe('T3');
});

test('T3: two agreements to different records, both with the signature of the box, stand side by side', async () => {
  await finals();
  await say(alice, 'agree', await agreementTo(sim, alice, record));
  await say(bob, 'agree', await agreementTo(sim, bob, recordNamed(2)));
  expect([...state().end.agreed.values()].map(({ h }) => h).toSorted()).toEqual(
    [record.h, recordNamed(2).h].toSorted(),
  );
  expect(await refusal(alice, 'receipt', await receiptFor(sim, alice, record))).toBe('T5');
  expect(isReadyForWipe(state(), record)).toBe(false);
});

test('L9: a party agrees to sixteen records and not to one more', async () => {
  await finals();
  for (let n = 1; n <= 16; n++)
    await alice.write(alice.mission, 'agree', await agreementTo(sim, alice, recordNamed(n)));
  expect(await refusal(alice, 'agree', await agreementTo(sim, alice, recordNamed(17)))).toBe('L9');
});

test('T5: a receipt is by a lead of an agreeing party, when all others have agreed, once, signed by the member', async () => {
  await finals();
  const x = await receiptFor(sim, alice, record);
  await say(alice, 'agree', await agreementTo(sim, alice, record));
  expect(await refusal(alice, 'receipt', x)).toBe('T5');
  await say(bob, 'agree', await agreementTo(sim, bob, record));
  expect(await refusal(carol, 'receipt', await receiptFor(sim, carol, record))).toBe('T5');
  expect(await refusal(alice, 'receipt', { ...x, s: nothing64 })).toBe('T5');
  expect(await refusal(alice, 'receipt', await receiptFor(sim, bob, record))).toBe('T5');
  await say(alice, 'receipt', x);
  expect(receiptOf(state(), alice.keys.pfp, record)?.p).toBe(x['p']);
  expect(await refusal(alice, 'receipt', x)).toBe('T5');
});

test('T5: the nonces that a receipt answers are those of the others in its own past', async () => {
  await finals();
  await agreements();
  await say(alice, 'receipt', await receiptFor(sim, alice, record));
  const { by } = receiptOf(state(), alice.keys.pfp) ?? { by: '' };
  const past = alice.mission.before(alice.mission.op(by) as Op).state;
  expect(noncesFor(past, alice.keys.pfp, record)).toEqual([nonceOf(bob)]);
  expect(noncesFor(past, bob.keys.pfp, record)).toEqual([nonceOf(alice)]);
  expect(noncesFor(past, bob.keys.pfp, recordNamed(2))).toEqual([]);
});

test('T7: the wipe needs a receipt of every party for one record, and no open dispute', async () => {
  await finals();
  await agreements();
  await say(alice, 'receipt', await receiptFor(sim, alice, record));
  expect(isReadyForWipe(state(), record)).toBe(false);
  await say(bob, 'receipt', await receiptFor(sim, bob, record));
  expect(isReadyForWipe(state(), record)).toBe(true);
  expect(isReadyForWipe(state(), recordNamed(2))).toBe(false);
  expect(isReadyForWipe(state(), record, ({ party }) => party === bob.keys.pfp)).toBe(false);
  await say(bob, 'dispute', { why: 'damaged' });
  expect(isReadyForWipe(state(), record)).toBe(false);
  expect(openDisputes(state()).map(({ party, why }) => [party, why])).toEqual([
    [bob.keys.pfp, 'damaged'],
  ]);
  await say(bob, 'receipt', await receiptFor(sim, bob, record));
  expect(openDisputes(state())).toEqual([]);
  expect(isReadyForWipe(state(), record)).toBe(true);
});

test('T5: a dispute is by a lead, not twice for one reason, and a receipt that did not know it settles nothing', async () => {
  expect(await refusal(carol, 'dispute', { why: 'missing' })).toBe('T5');
  expect(await refusal(alice, 'dispute', { why: 'sad' })).toBe('R5');
  await finals();
  await agreements();
  await say(alice, 'dispute', { why: 'missing' });
  expect(await refusal(alice, 'dispute', { why: 'missing' })).toBe('T5');
  await say(bob, 'receipt', await receiptFor(sim, bob, record));
  expect(openDisputes(state())).toHaveLength(1);
});

test('T6: who waits says so once, of a party that is one, after the close is final', async () => {
  const p = bob.keys.pfp;
  expect(await refusal(alice, 'elapsed', { p })).toBe('T6');
  await finals();
  expect(await refusal(carol, 'elapsed', { p })).toBe('T6');
  expect(await refusal(alice, 'elapsed', { p: alice.keys.dfp })).toBe('T6');
  await say(alice, 'elapsed', { p });
  expect(await refusal(alice, 'elapsed', { p })).toBe('T6');
});

test('T6: of two parties both must say that one is not waited for', async () => {
  await finals();
  await say(alice, 'elapsed', { p: bob.keys.pfp });
  expect(excusedUnits(state())).toEqual([]);
  await say(bob, 'elapsed', { p: bob.keys.pfp });
  expect(excusedUnits(state())).toEqual([bob.keys.pfp]);
  expect(requiredUnits(state())).toEqual([alice.keys.pfp]);
  await say(alice, 'agree', await agreementTo(sim, alice, record));
  await say(alice, 'receipt', await receiptFor(sim, alice, record));
  expect(isReadyForWipe(state(), record)).toBe(true);
});

test('a party that withdraws after the close is not waited for', async () => {
  await finals();
  await say(alice, 'agree', await agreementTo(sim, alice, record));
  expect(await refusal(alice, 'receipt', await receiptFor(sim, alice, record))).toBe('T5');
  const s = await bob.keys.party.sign('swarm-cert-v1', withdrawMessage(sim.cid, bob.keys.pfp));
  await say(bob, 'withdraw', { s: toB64u(s) });
  expect(requiredUnits(state())).toEqual([alice.keys.pfp]);
  await say(alice, 'receipt', await receiptFor(sim, alice, record));
  expect(isReadyForWipe(state(), record)).toBe(true);
  expect(await refusal(bob, 'dispute', { why: 'refused' })).toBe('R17');
});

test('T3: of a contested record any of the boxes may have proposed, no other', async () => {
  const apart = await mission('alice@red', 'bob@blue');
  const [one, two] = ['alice@red', 'bob@blue'].map((name) => apart.device(name)) as [
    SimDevice,
    SimDevice,
  ];
  const boxes = ['one', 'two', 'three'].map((name) => seedSigner(seedOf(name)));
  const bk = (i: number) => toB64u((boxes[i] as (typeof boxes)[number]).publicKey);
  await one.write(one.mission, 'box', { bk: bk(0) });
  await two.write(two.mission, 'box', { bk: bk(1) });
  await sync(one, two);
  await close(apart.cid, [one, two]);
  await one.write(one.mission, 'final', finalOf(one));
  for (const [i, answer] of ['ok', 'ok', 'T3'].entries()) {
    const box = boxes[i] as (typeof boxes)[number];
    const x = await agreementTo({ box, cid: apart.cid }, one, recordNamed(i));
    const said = one.write(one.mission, 'agree', x).then(() => 'ok', String);
    const forged = await forge(one, one.mission, { k: 'agree', x });
    if (answer === 'ok') expect(await said).toBe('ok');
    else expect(await verdict(two.mission, forged)).toMatch(answer);
    await sync(one, two);
  }
});
