import { beforeAll, beforeEach, expect, test } from 'vitest';
import { toB32, toB64u } from '#protocol/codec/text-form.ts';
import { claimId, type SignedClaim } from '#protocol/identity/claim.ts';
import {
  Claims,
  isClaimList,
  type HeldClaim,
} from '../../../../appliance/services/swarm/claims.ts';
import { claimOf } from '../../../support/claimant.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const party = toB32(new Uint8Array(32).fill(1));
const sixteen = (fill: number): string => toB64u(new Uint8Array(16).fill(fill));
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
  expect(await claims.answer(idOf(1), { r: sixteen(5) })).toEqual({ r: sixteen(5) });
  admitted.add(devices[1] as string);
  expect(claims.news(idOf(1))).toEqual({ r: sixteen(5), admitted: 1 });
  expect(claims.waiting(party)).toEqual([]);
});

test('the digits cannot be changed by a second answer', async () => {
  await claims.post(claim(1));
  await claims.answer(idOf(1), { r: sixteen(5) });
  expect(await claims.answer(idOf(1), { r: sixteen(6) })).toEqual({ r: sixteen(5) });
});

test('who waits is still waiting after a restart, and posting again changes nothing', async () => {
  await claims.post(claim(1));
  await claims.answer(idOf(1), { r: sixteen(5) });
  claims = await restarted();
  expect(await claims.post(claim(1))).toEqual({ id: idOf(1) });
  expect(claims.news(idOf(1))).toEqual({ r: sixteen(5) });
  expect(claims.waiting(party)).toHaveLength(1);
});

test('a refused claimant hears it and makes room for another', async () => {
  for (let id = 1; id <= 9; id++) await claims.post(claim(id));
  expect(await claims.post(claim(10))).toMatchObject({ code: 'SWARM_CLAIM_CROWD' });
  expect(await claims.answer(idOf(3), { refuse: 1 })).toEqual({ refused: 1 });
  expect(await claims.post(claim(10))).toEqual({ id: idOf(10) });
});

test('a claim without a live ticket is refused and leaves nothing behind', async () => {
  isTicketDead = true;
  expect(await claims.post(claim(1))).toEqual({ code: 'SWARM_TICKET_DEAD' });
  expect(kept).toBeUndefined();
  expect(claims.news(idOf(1))).toBeUndefined();
  expect(await claims.answer(idOf(1), { refuse: 1 })).toBeUndefined();
});

test('claims that nobody asked about for a day make way', async () => {
  for (let id = 1; id <= 9; id++) await claims.post(claim(id));
  clock.pass(25 * 3_600_000);
  expect(await claims.post(claim(10))).toEqual({ id: idOf(10) });
  expect(claims.waiting(party).map(({ id }) => id)).toEqual([idOf(10)]);
});
