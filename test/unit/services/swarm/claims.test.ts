import { beforeAll, beforeEach, expect, test } from 'vitest';
import { nodeEngine } from '#kernel/node-engine.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { claimId, type SignedClaim } from '#protocol/identity/claim.ts';
import { answerClaim, type ClaimAnswer } from '#protocol/identity/claim-answer.ts';
import { answerCheck } from '../../../../appliance/services/swarm/claim-check.ts';
import {
  Claims,
  isClaimList,
  type HeldClaim,
} from '../../../../appliance/services/swarm/claims.ts';
import { claimOf } from '../../../support/claimant.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { leadNamed, type Lead } from '../../../support/people.ts';

const red: Lead = await leadNamed('red');
const blue: Lead = await leadNamed('blue');
const party = red.pfp;
/** What a lead's device says to claim 1, with bytes of one value. */
const said = async (fill: number, of = red, to = 1): Promise<{ answer: ClaimAnswer }> => {
  const bytes = new Uint8Array(16).fill(fill);
  return { answer: await answerClaim(claim(to).claim, of.chain, of.device, bytes) };
};
const made: SignedClaim[] = [];
/** Ids of claims 1, 2, … and the devices that want to join. */
const ids: string[] = [];
const devices: string[] = [];

beforeAll(async () => {
  const boxKeyHash = toB64u(new Uint8Array(32));
  const of = { secret: new Uint8Array(32), cid: party, party, boxKeyHash };
  for (let person = 0; person <= 10; person++) {
    const { signed, device } = await claimOf(person, of);
    made.push(signed);
    ids.push(claimId(signed.claim));
    devices.push(device);
  }
});

let clock: FakeClock;
let kept: HeldClaim[] | undefined;
let admitted: Set<string>;
let told: string[];
let isTicketDead: boolean;
let claims: Claims;

const restarted = async (): Promise<Claims> => {
  const claims = new Claims({
    record: {
      read: () => Promise.resolve(structuredClone(kept)),
      write: (value) => {
        expect(isClaimList(value)).toBe(true);
        kept = structuredClone(value);
        return Promise.resolve();
      },
      remove: () => Promise.resolve(),
    },
    clock,
    check: ({ claim }) =>
      Promise.resolve(
        isTicketDead
          ? { code: 'SWARM_TICKET_DEAD' }
          : {
              id: claimId(claim),
              serial: 'ticket',
              party,
              uses: 1,
              device: devices[ids.indexOf(claimId(claim))] as string,
            },
      ),
    checkAnswer: answerCheck(nodeEngine),
    isAdmitted: (device) => admitted.has(device),
    onChange: (of) => told.push(of),
  });
  await claims.open();
  return claims;
};

beforeEach(async () => {
  clock = new FakeClock();
  kept = undefined;
  admitted = new Set();
  told = [];
  isTicketDead = false;
  claims = await restarted();
});

const claim = (person: number): SignedClaim => made[person] as SignedClaim;
const idOf = (person: number): string => ids[person] as string;

test('a claim goes to the leads of its party, and their answers come back', async () => {
  expect(await claims.post(claim(1))).toEqual({ id: idOf(1) });
  expect(claims.waiting(party).map(({ id }) => id)).toEqual([idOf(1)]);
  expect(claims.waiting('another party')).toEqual([]);
  expect(told).toEqual([party]);
  const five = await said(5);
  expect(await claims.answer(idOf(1), five, red.dfp)).toEqual(five);
  admitted.add(devices[1] as string);
  expect(claims.news(idOf(1))).toEqual({ ...five, admitted: 1 });
  expect(claims.waiting(party)).toEqual([]);
});

test('the digits cannot be changed by a second answer', async () => {
  await claims.post(claim(1));
  await claims.answer(idOf(1), await said(5), red.dfp);
  expect(await claims.answer(idOf(1), await said(6), red.dfp)).toEqual(await said(5));
});

test("an answer counts from the caller's own device of the party, for this claim, unchanged", async () => {
  await claims.post(claim(1));
  await claims.post(claim(2));
  const refusal = { code: 'SWARM_ANSWER_REFUSED', detail: { rule: 'J4' } };
  const five = await said(5);
  expect(await claims.answer(idOf(1), five, blue.dfp)).toEqual(refusal);
  expect(await claims.answer(idOf(1), await said(5, blue), blue.dfp)).toEqual(refusal);
  expect(await claims.answer(idOf(1), await said(5, red, 2), red.dfp)).toEqual(refusal);
  const bent = { answer: { ...five.answer, r: toB64u(new Uint8Array(16)) } };
  expect(await claims.answer(idOf(1), bent, red.dfp)).toEqual(refusal);
  expect(claims.news(idOf(1))).toEqual({});
});

test('who waits is still waiting after a restart, and posting again changes nothing', async () => {
  await claims.post(claim(1));
  await claims.answer(idOf(1), await said(5), red.dfp);
  claims = await restarted();
  expect(await claims.post(claim(1))).toEqual({ id: idOf(1) });
  expect(claims.news(idOf(1))).toEqual(await said(5));
  expect(claims.waiting(party)).toHaveLength(1);
});

test('a refused claimant hears it and makes room for another', async () => {
  for (let id = 1; id <= 9; id++) await claims.post(claim(id));
  expect(await claims.post(claim(10))).toMatchObject({ code: 'SWARM_CLAIM_CROWD' });
  expect(await claims.answer(idOf(3), { refuse: 1 }, red.dfp)).toEqual({ refused: 1 });
  expect(await claims.post(claim(10))).toEqual({ id: idOf(10) });
});

test('a claim without a live ticket is refused and leaves nothing behind', async () => {
  isTicketDead = true;
  expect(await claims.post(claim(1))).toEqual({ code: 'SWARM_TICKET_DEAD' });
  expect(kept).toBeUndefined();
  expect(claims.news(idOf(1))).toBeUndefined();
  const unknown = { code: 'SWARM_CLAIM_UNKNOWN' };
  expect(await claims.answer(idOf(1), { refuse: 1 }, red.dfp)).toEqual(unknown);
});

test('claims that nobody asked about for a day make way', async () => {
  for (let id = 1; id <= 9; id++) await claims.post(claim(id));
  clock.pass(25 * 3_600_000);
  expect(await claims.post(claim(10))).toEqual({ id: idOf(10) });
  expect(claims.waiting(party).map(({ id }) => id)).toEqual([idOf(10)]);
});
