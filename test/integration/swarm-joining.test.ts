import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeEngine } from '#kernel/node-engine.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { H32 } from '#protocol/codec/hash.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { SignedClaim } from '#protocol/identity/claim.ts';
import { answerClaim } from '#protocol/identity/claim-answer.ts';
import { issue } from '#protocol/identity/certificate.ts';
import { issueTicket } from '#protocol/identity/ticket.ts';
import { claimOf } from '../support/claimant.ts';
import { paperFounding, type Founder } from '../support/founders.ts';
import { PaperDevice, type PushAnswer } from '../support/paper-device.ts';
import { foundMission, roomOnDisk, SwarmBox } from '../support/swarm-box.ts';

type X = { [key: string]: Json };
const secret = new Uint8Array(32).fill(5);

let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: SwarmBox;
let lead: Founder;
let rival: Founder;
let red: PaperDevice;
let blue: PaperDevice;
let terms: {
  cid: string;
  party: string;
  kind: 'person';
  uses: number;
  rooms: [];
  delegating: false;
};
let of: { secret: Uint8Array; cid: string; party: string; boxKeyHash: string };
/** Parties whose claims changed, as the broker hears it. */
const told: { party: string; devices: readonly string[] }[] = [];

beforeAll(async () => {
  room = await roomOnDisk();
  box = await new SwarmBox(room.path).start();
  const paper = await paperFounding(2);
  [lead, rival] = paper.founders as [Founder, Founder];
  [red, blue] = (await foundMission(box, paper)) as [PaperDevice, PaperDevice];
  const { missionCid: cid, caller } = red;
  const { party } = caller;
  terms = { cid, party, kind: 'person', uses: 1, rooms: [], delegating: false };
  of = { secret, cid, party, boxKeyHash: toB64u(H32('box-key', box.boxKey)) };
  box.service.events.on('claim', (fact) => told.push(fact));
});
afterAll(async () => {
  await box.service.stop();
  await room.remove();
});

const ask: SwarmBox['doors']['ask'] = (...args) => box.doors.ask(...args);
const answerTo = async ({ claim }: SignedClaim, by: Founder = lead) => {
  const { d, m, p } = by.reveal;
  const chain = { party: p, member: m, device: d };
  return { answer: await answerClaim(claim, chain, by.device, new Uint8Array(16).fill(3)) };
};
const claimed = async (person: number) => {
  const made = await claimOf(person, of);
  const answer = await ask('POST', '/v1/claims', { body: made.signed });
  return { ...made, answer, id: (answer.json as { id?: string } | undefined)?.id ?? '' };
};

test('a claim without an invitation in the mission is refused', async () => {
  expect((await claimed(1)).answer.code).toBe('SWARM_TICKET_DEAD');
});

test('a lead invites, somebody claims, both see the same bytes, and the mission has a member more', async () => {
  const ticket = await issueTicket(nodeEngine, lead.member, secret, terms);
  const invite = await red.write(red.missionCid, { k: 'invite', x: { t: ticket } as unknown as X });
  expect((await red.push(red.missionCid, [invite])).json).toMatchObject({ ok: [invite.sid] });

  const { id, signed, device, member, signer } = await claimed(1);
  expect(told.at(-1)).toEqual({ party: red.caller.party, devices: [red.caller.device] });
  expect((await ask('GET', `/v1/claims/${id}`)).json).toEqual({});
  const waiting = await ask('GET', '/v1/claims', { caller: red.caller });
  expect(waiting.json).toEqual([{ id, ...signed }]);

  const said = await answerTo(signed);
  await ask('POST', `/v1/claims/${id}`, { caller: red.caller, body: said });
  expect((await ask('GET', `/v1/claims/${id}?after=0`)).json).toEqual(said);

  const m = await issue(signed.claim.m, lead.party);
  const x = { d: signed.claim.d, m, t: signed.claim.t } as unknown as X;
  const admitted = await red.write(red.missionCid, { k: 'admit', x });
  expect(box.service.membership.device(device)).toBeUndefined();
  expect((await red.push(red.missionCid, [admitted])).json).toMatchObject({ ok: [admitted.sid] });
  expect((await ask('GET', `/v1/claims/${id}?after=1`)).json).toEqual({ ...said, admitted: 1 });
  expect((await ask('GET', '/v1/claims', { caller: red.caller })).json).toEqual([]);

  const caller = { member, party: red.caller.party };
  expect(box.service.membership.device(device)).toMatchObject(caller);
  expect(box.service.membership.member(device)).toMatchObject({ member });
  const newcomer = new PaperDevice(signer, caller, red.missionCid, () => box.doors);
  await newcomer.sync(red.missionCid);
  expect(newcomer.mission.has(admitted.sid)).toBe(true);
});

test('an invitation that is used up lets nobody else in, not even before a restart', async () => {
  expect((await claimed(2)).answer.code).toBe('SWARM_TICKET_DEAD');
  await box.restart();
  expect((await claimed(2)).answer.code).toBe('SWARM_TICKET_DEAD');
});

test('a claim waits across a restart, and only a lead of the inviting party answers it', async () => {
  const other = new Uint8Array(32).fill(6);
  const ticket = await issueTicket(nodeEngine, lead.member, other, terms);
  const invite = await red.write(red.missionCid, { k: 'invite', x: { t: ticket } as unknown as X });
  await red.push(red.missionCid, [invite]);
  of = { ...of, secret: other };
  const { id, signed } = await claimed(3);
  await box.restart();
  expect((await ask('GET', `/v1/claims/${id}`)).json).toEqual({});
  expect((await ask('GET', '/v1/claims', { caller: blue.caller })).json).toEqual([]);
  const body = { refuse: 1 };
  const foreign = await ask('POST', `/v1/claims/${id}`, { caller: blue.caller, body });
  expect(foreign.code).toBe('SWARM_NOT_LEAD');
  for (const bent of [
    await answerTo(signed, rival),
    await answerTo((await claimOf(6, of)).signed),
  ]) {
    const answer = await ask('POST', `/v1/claims/${id}`, { caller: red.caller, body: bent });
    expect(answer.code).toBe('SWARM_ANSWER_REFUSED');
  }
  const old = { r: toB64u(new Uint8Array(16)) };
  const bare = await ask('POST', `/v1/claims/${id}`, { caller: red.caller, body: old });
  expect(bare.code).toBe('SWARM_REQUEST_MALFORMED');
  expect((await ask('POST', `/v1/claims/${id}`, { caller: red.caller, body })).json).toEqual({
    refused: 1,
  });
  expect((await ask('GET', `/v1/claims/${id}?after=0`)).json).toEqual({ refused: 1 });
  expect((await ask('GET', '/v1/claims/nowhere')).code).toBe('SWARM_CLAIM_UNKNOWN');
});

test('claims that prove nothing are refused: other box, other key, other words, no form', async () => {
  const address = '192.0.2.7';
  const honest = (await claimOf(4, of)).signed;
  const elsewhere = (await claimOf(4, { ...of, boxKeyHash: toB64u(new Uint8Array(32)) })).signed;
  const stranger = (await claimOf(5, of)).signed;
  const bent = [
    elsewhere,
    { ...honest, si: stranger.si },
    { ...honest, sm: stranger.sm },
    { ...honest, sd: stranger.sd },
    { ...honest, claim: { ...honest.claim, r: stranger.claim.r } },
    { ...honest, claim: { ...honest.claim, d: stranger.claim.d } },
  ];
  for (const body of bent) {
    expect((await ask('POST', '/v1/claims', { body, address })).code).toBe('SWARM_CLAIM_REFUSED');
  }
  for (const body of [{}, [], 'x', { ...honest, more: 1 }, { ...honest, n: '' }]) {
    expect((await ask('POST', '/v1/claims', { body, address })).code).toBe(
      'SWARM_REQUEST_MALFORMED',
    );
  }
});

test('an address that tries one claim after the other is slowed down, others are not', async () => {
  const tries = [];
  for (let i = 0; i < 20; i++)
    tries.push((await ask('POST', '/v1/claims', { body: {}, address: 'a' })).code);
  expect(tries.at(0)).toBe('SWARM_REQUEST_MALFORMED');
  expect(tries.at(-1)).toBe('SWARM_TOO_FAST');
  expect((await ask('POST', '/v1/claims', { body: {}, address: 'b' })).code).toBe(
    'SWARM_REQUEST_MALFORMED',
  );
});

test('a batch from a lead that only repeats what is known changes nothing', async () => {
  const heads = red.mission.heads.map(({ sid }) => red.mission.commit(sid)).flatMap((c) => c ?? []);
  const answer = (await red.push(red.missionCid, heads)).json as PushAnswer;
  expect(answer.no).toEqual([]);
  expect(answer.ok).toHaveLength(heads.length);
});
