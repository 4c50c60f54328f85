import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { missionReplica, type MissionReplica } from '#protocol/admit/replica.ts';
import {
  endUnits,
  excusedUnits,
  isCloseFinal,
  isReadyForWipe,
  missingDevices,
  requiredUnits,
} from '#protocol/state/end.ts';
import { devrevMessage } from '#protocol/state/kinds/devrev.ts';
import { withdrawMessage } from '#protocol/state/kinds/withdraw.ts';
import type { Op } from '#protocol/state/op.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { seeded } from '../../../support/seeded.ts';
import { all, sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import {
  agreementTo,
  closed,
  finalOf,
  receiptFor,
  recordNamed,
  type SimEnd,
} from '../../../support/swarm-simulator/end.ts';
import { asOf } from '../../../support/swarm-simulator/fork.ts';
import { further, mission } from '../../../support/swarm-simulator/mission.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

type Args = { [key: string]: Json };

const record = recordNamed(1);
const four = ['a@pa', 'b@pb', 'c@pc', 'd@pd'];

const say = (who: SimDevice, k: string, x?: Args) => who.write(who.mission, k, x);
const stateOf = (who: SimDevice) => who.mission.view().state;

async function finals(people: readonly SimDevice[]): Promise<void> {
  for (const one of people) await say(one, 'final', finalOf(one));
  await sync(...people);
}

test('T6: of four parties two thirds of the others, and more than half of all, go on without one', async () => {
  const { people } = await closed(...four);
  const [a, b, c, d] = people as [SimDevice, SimDevice, SimDevice, SimDevice];
  await finals([a, b, c]);
  await sync(...people);
  const p = d.keys.pfp;
  expect(missingDevices(stateOf(a))).toEqual([d.keys.dfp]);
  await Promise.all([a, b].map((one) => say(one, 'elapsed', { p })));
  await sync(a, b, c);
  expect(excusedUnits(stateOf(c))).toEqual([]);
  await say(c, 'elapsed', { p });
  await sync(a, b, c);
  expect(excusedUnits(stateOf(a))).toEqual([p]);
  expect(missingDevices(stateOf(a))).toEqual([]);
});

test('T5: a party that is excused may still sign, and what it answers counts', async () => {
  const sim = await closed(...four);
  const [a, b, c, d] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
  await finals(sim.people);
  for (const one of [a, b, c]) await say(one, 'elapsed', { p: d.keys.pfp });
  await sync(...sim.people);
  for (const one of [a, b, c]) await say(one, 'agree', await agreementTo(sim, one, record));
  await sync(...sim.people);
  await expect(say(d, 'receipt', await receiptFor(sim, d, record))).rejects.toThrow('T5');
  await say(d, 'agree', await agreementTo(sim, d, record));
  for (const one of [a, b, c, d]) await say(one, 'receipt', await receiptFor(sim, one, record));
  await sync(...sim.people);
  expect(stateOf(a).end.receipts.size).toBe(4);
  expect(isReadyForWipe(stateOf(a), record)).toBe(true);
});

test('agreements and receipts written apart all stand (T3, T5)', async () => {
  const sim = await closed(...four);
  await finals(sim.people);
  for (const one of sim.people) await say(one, 'agree', await agreementTo(sim, one, record));
  await sync(...sim.people);
  for (const one of sim.people) await say(one, 'receipt', await receiptFor(sim, one, record));
  await sync(...sim.people);
  for (const one of sim.people) expect(isReadyForWipe(stateOf(one), record)).toBe(true);
});

test('a party may agree to a second record and keeps to both; the wipe needs receipts for one', async () => {
  const sim = await closed('a@pa', 'b@pb');
  const [a, b] = sim.people as [SimDevice, SimDevice];
  const late = recordNamed(2);
  await finals([a, b]);
  await say(a, 'agree', await agreementTo(sim, a, record));
  await say(a, 'agree', await agreementTo(sim, a, late));
  await say(b, 'agree', await agreementTo(sim, b, late));
  await sync(a, b);
  await say(a, 'receipt', await receiptFor(sim, a, late));
  expect(stateOf(a).end.agreed.size).toBe(3);
  expect(isReadyForWipe(stateOf(a), record)).toBe(false);
});

test('what a device said stays when its member retires it at the same time (V5)', async () => {
  const sim = await closed('a@pa', 'b@pb');
  const [a, b] = sim.people as [SimDevice, SimDevice];
  const d = b.keys.dfp;
  const s = await b.keys.member.sign('swarm-cert-v1', devrevMessage(sim.cid, { d }));
  const old = await asOf(a, a.mission, a.mission.heads[0] as Op);
  await say(b, 'final', finalOf(b));
  await say(b, 'devrev', { d, s: toB64u(s) });
  await say(old.device, 'final', finalOf(a));
  await a.pull(old.device);
  await a.pull(b);
  expect(isCloseFinal(stateOf(a))).toBe(true);
  expect(missingDevices(stateOf(a))).toEqual([]);
});

test('a party banned while the others closed is no unit, and what it said at the end is void (V13, C5)', async () => {
  const sim = await mission(...four);
  const people = four.map((name) => sim.device(name));
  const [a, b, c, d] = people as [SimDevice, SimDevice, SimDevice, SimDevice];
  const ban = { a: 'ban', c: 'party', u: d.keys.pfp };
  const close = { a: 'close', c: 'swarm', u: sim.cid };
  const bans: Commit[] = [];
  for (const one of [a, b, c]) bans.push(await vote(one, one.mission, ban));
  await sync(...people);
  const closes: Commit[] = [];
  for (const one of people) closes.push(await vote(one, one.mission, close));
  await sync(...people);
  await resolve(a, a.mission, ban, bans);
  await resolve(d, d.mission, close, closes);
  await say(d, 'final', finalOf(d));
  await b.pull(d);
  await say(b, 'final', finalOf(b));
  expect(stateOf(b).end.finals.size).toBe(2);
  await sync(...people);
  const { end } = stateOf(c);
  expect(endUnits(stateOf(c))).toEqual([a, b, c].map(({ keys }) => keys.pfp).sort());
  expect([...end.finals.keys()]).toEqual([b.keys.dfp]);
  await finals([a, b, c]);
  expect(isCloseFinal(stateOf(a))).toBe(true);
  expect(missingDevices(stateOf(a))).toEqual([]);
});

test('a close that falls takes with it what was said after it (V2, V13)', async () => {
  const sim = await mission('a@pa', 'b@pb');
  const [a, b] = ['a@pa', 'b@pb'].map((name) => sim.device(name)) as [SimDevice, SimDevice];
  const close = { a: 'close', c: 'swarm', u: sim.cid };
  await sync(a, b);
  for (const one of [a, b]) await vote(one, one.mission, close, 'against');
  const before = await Promise.all(
    [a, b].map((one) => asOf(one, one.mission, one.mission.newest(one.keys.dfp) as Op)),
  );
  const votes = [await vote(a, a.mission, close), await vote(b, b.mission, close)];
  await sync(a, b);
  await resolve(a, a.mission, close, votes);
  await say(a, 'final', finalOf(a));
  expect(stateOf(a).end.finals.size).toBe(1);
  for (const { device, replica } of before) {
    await vote(device, replica, close, 'withdraw');
    await a.pull(device);
  }
  expect(stateOf(a).closed).toEqual([]);
  expect(stateOf(a).end.finals.size).toBe(0);
});

/** What two replicas of one set must agree on. */
function summary(replica: MissionReplica) {
  const view = replica.view();
  const { agreed, disputes, elapsed, finals: held, receipts } = view.state.end;
  return {
    tree: toB64u(replica.swarm.tree(view).th),
    end: [agreed, disputes, elapsed, held, receipts].map((map) => Object.fromEntries(map)),
    required: requiredUnits(view.state),
    missing: missingDevices(view.state),
    final: isCloseFinal(view.state),
    wipe: isReadyForWipe(view.state, record),
  };
}

const kinds = ['final', 'agree', 'receipt', 'elapsed', 'dispute', 'sync', 'sync', 'merge', 'devrev', 'withdraw', 'fork'] as const; // prettier-ignore

/** Rules by which an own check may rightly stop an honest client that wants the impossible. */
const expected = /^(T[356]|R1[37]|R24|R32|L9)/;

async function act(sim: SimEnd, who: SimDevice, whom: SimDevice, k: (typeof kinds)[number]) {
  const { cid } = sim;
  if (k === 'sync') return who.pull(whom);
  if (k === 'merge') return say(who, 'merge');
  if (k === 'elapsed') return say(who, k, { p: whom.keys.pfp });
  if (k === 'dispute') return say(who, k, { why: 'differs' });
  if (k === 'agree') return say(who, k, await agreementTo(sim, who, record));
  if (k === 'receipt') return say(who, k, await receiptFor(sim, who, record));
  if (k === 'devrev') return say(who, k, { d: who.keys.dfp });
  if (k === 'withdraw') {
    const s = await who.keys.party.sign('swarm-cert-v1', withdrawMessage(cid, who.keys.pfp));
    return say(who, k, { s: toB64u(s) });
  }
  if (k === 'fork') {
    const old = await asOf(who, who.mission, who.mission.newest(who.keys.dfp)?.previous as Op);
    await say(old.device, 'final', { q: [[cid, 7]] });
    return whom.pull(old.device);
  }
  return say(who, 'final', finalOf(who));
}

test('equal sets give one end, whatever the order and the batches, and no honest writer is refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
      const random = seeded(seed);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
      const sim = await closed('a@pa', 'b@pb', 'c@pc');
      const people = [...sim.people];
      const surprises: string[] = [];
      for (let i = 0; i < 40; i++) {
        const k = pick(kinds);
        if (['devrev', 'withdraw', 'fork'].includes(k) && random() < 0.8) continue;
        const refusal = await act(sim, pick(people), pick(people), k).catch(String);
        if (
          k !== 'fork' &&
          typeof refusal === 'string' &&
          !expected.test(refusal.replace('Error: ', ''))
        )
          surprises.push(`${k}: ${refusal}`);
      }
      expect(surprises).toEqual([]);
      const union = new Map(people.flatMap((one) => all(one.mission)).map((c) => [c.sid, c]));
      const first = missionReplica(nodeEngine);
      await first.load([...union.values()].toSorted((x, y) => x.envelope.l - y.envelope.l));
      const second = missionReplica(nodeEngine);
      const shuffled = [...union.values()]
        .map((commit) => ({ at: random(), commit }))
        .sort((x, y) => x.at - y.at);
      for (let size = -1; size < second.size;) {
        size = second.size;
        for (const { commit } of shuffled) await second.load([commit]);
      }
      expect(first.size).toBe(union.size);
      expect(second.size).toBe(union.size);
      expect(summary(second)).toEqual(summary(first));
      for (const one of people) {
        const fresh = missionReplica(nodeEngine);
        await fresh.load(all(one.mission));
        expect(summary(fresh)).toEqual(summary(one.mission));
      }
    }),
    { numRuns: 6, seed: 5, endOnFailure: true },
  );
});

test('a device that retired before the close is final is not waited for; a new one of the other side is', async () => {
  const sim = await mission('a@pa', 'b@pb');
  const [a, b] = ['a@pa', 'b@pb'].map((name) => sim.device(name)) as [SimDevice, SimDevice];
  const close = { a: 'close', c: 'swarm', u: sim.cid };
  const votes = [await vote(a, a.mission, close), await vote(b, b.mission, close)];
  await sync(a, b);
  await resolve(a, a.mission, close, votes);
  const b2 = await further(b, 'b2@pb');
  await sync(a, b, b2);
  await finals([a, b]);
  expect(missingDevices(stateOf(a))).toEqual([b2.keys.dfp]);
  await say(b2, 'devrev', { d: b2.keys.dfp });
  await a.pull(b2);
  expect(missingDevices(stateOf(a))).toEqual([]);
});
