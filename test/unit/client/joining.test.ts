import { afterEach, describe, expect, it } from 'vitest';
import { Claims } from '#client/claims.ts';
import { Joining, type JoiningRecord } from '#client/joining.ts';
import { OpenDoor } from '#client/open-door.ts';
import type { SelfRecord } from '#client/self.ts';
import { SwarmDoor } from '#client/swarm-door.ts';
import { Vault } from '#client/vault.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { claimDigits } from '#protocol/identity/claim.ts';
import { answerClaim, digitBytes, type ClaimAnswer } from '#protocol/identity/claim-answer.ts';
import { issueTicket, ticketSerial } from '#protocol/identity/ticket.ts';
import { leadNamed } from '../../support/people.ts';
import { FakeClaims } from '../../support/client/fake-claims.ts';
import { MemoryKeys } from '../../support/client/memory-keys.ts';
import { MemoryStorage } from '../../support/client/memory-storage.ts';
import { nodeClock } from '../../../appliance/terminal/platform/node-clock.ts';
import { nodeEngine } from '../../../appliance/terminal/platform/node-engine.ts';
import { until } from '../../support/until.ts';

const boxHash = nodeEngine.random(32);
const cid = 'b'.repeat(51) + 'a';
const red = await leadNamed('red');
const blue = await leadNamed('blue');
const { pfp } = red;
const stops: AbortController[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

async function lead(box: FakeClaims, of = { cid, box: boxHash }) {
  const secret = nodeEngine.random(32);
  const terms = { cid: of.cid, party: pfp, kind: 'person', uses: 1, rooms: [], delegating: false };
  const deviceSecret = nodeEngine.random(32);
  const ticket = await issueTicket(nodeEngine, red.member, secret, { ...terms, kind: 'person' });
  const claims = new Claims({
    engine: nodeEngine,
    door: new SwarmDoor(box),
    box: toB64u(of.box),
    ticket: (serial) =>
      Promise.resolve(serial === ticketSerial(secret) ? { body: ticket.c, secret } : undefined),
    answer: (claim) => answerClaim(claim, red.chain, red.device, digitBytes(deviceSecret, claim)),
  });
  return { claims, secret };
}

function claimant(box: FakeClaims, secret: Uint8Array) {
  const stop = new AbortController();
  stops.push(stop);
  const storage = new MemoryStorage();
  const keys = new MemoryKeys();
  const vault = new Vault(storage.records, keys);
  let self: SelfRecord | undefined;
  const deps = {
    engine: nodeEngine,
    clock: nodeClock,
    vault,
    door: new OpenDoor(box),
    device: async () => (await keys.device(true)) as never,
    onChange: () => undefined,
    onAdmitted: (kept: SelfRecord) => {
      self = kept;
      return Promise.resolve();
    },
  };
  const code = {
    kind: 'ticket',
    box: boxHash,
    cid,
    pfp,
    secret,
    mission: 'Flood',
    party: 'Red',
  } as const;
  const joining = new Joining(deps, { code });
  return {
    joining,
    storage,
    vault,
    deps,
    self: () => self,
    stop,
    join: async (name: string) => {
      await joining.join(name);
      void joining.run(stop.signal);
    },
    digits: () => until('digits', () => joining.view().digits),
  };
}

describe('joining', () => {
  it('shows the lead the name and both the same six digits', async () => {
    const box = new FakeClaims();
    const { claims, secret } = await lead(box);
    const person = claimant(box, secret);
    expect(person.joining.view()).toMatchObject({ step: 'name', mission: 'Flood', party: 'Red' });
    await person.join('Carla');
    await until('handed in', () => box.held.size === 1);
    expect(person.joining.view().step).toBe('waiting-for-lead');
    await claims.refresh(person.stop.signal);
    const [claim] = claims.view();
    expect(claim?.name).toBe('Carla');
    expect(await person.digits()).toBe(claim?.digits);
    expect(claim?.digits).toMatch(/^\d{6}$/);
  });

  it('becomes a member when admitted, and not before', async () => {
    const box = new FakeClaims();
    const { claims, secret } = await lead(box);
    const person = claimant(box, secret);
    await person.join('Carla');
    await until('handed in', () => box.held.size === 1);
    await claims.refresh(person.stop.signal);
    await person.digits();
    expect(person.self()).toBeUndefined();
    for (const held of box.held.values()) held.admitted = 1;
    box.changed();
    const self = await until('admitted', () => person.self());
    expect(self).toMatchObject({ cid, party: pfp, displayName: 'Carla' });
  });

  it('never keeps the secret of the invitation, sealed or not', async () => {
    const box = new FakeClaims();
    const { secret } = await lead(box);
    const person = claimant(box, secret);
    await person.join('Carla');
    const record = await person.vault.get<JoiningRecord>('joining');
    expect(JSON.stringify(record)).not.toContain(toB64u(secret));
  });

  it.each([
    ['other bytes', (answer: ClaimAnswer) => ({ ...answer, r: toB64u(nodeEngine.random(16)) })],
    ['bytes without a signature', ({ r }: ClaimAnswer) => ({ r })],
    ['nothing that is an answer', () => 'an answer'],
  ])('refuses in words, and shows no digits, when the box passes on %s', async (_, bend) => {
    const box = new FakeClaims();
    const { claims, secret } = await lead(box);
    const person = claimant(box, secret);
    box.bend = bend;
    await person.join('Carla');
    await until('handed in', () => box.held.size === 1);
    await claims.refresh(person.stop.signal);
    await until('refused', () => person.joining.view().step === 'refused');
    expect(person.joining.view()).toMatchObject({ problem: { code: 'INVITATION_FALSE_ANSWER' } });
    expect(person.joining.view().problem?.says).toContain('The box passed on a false answer');
    expect(person.joining.view()).not.toHaveProperty('digits');
  });

  it("refuses the answer to a second scanner's claim, and that of another party", async () => {
    for (const isOther of [true, false]) {
      const box = new FakeClaims();
      const { claims, secret } = await lead(box);
      const [person, second] = [claimant(box, secret), claimant(box, secret)];
      await second.join('Mallory');
      await until('handed in', () => box.held.size === 1);
      await claims.refresh(second.stop.signal);
      const [of] = [...box.held.values()];
      const claim = of?.envelope.claim;
      const bytes = nodeEngine.random(16);
      const foreign = claim && (await answerClaim(claim, blue.chain, blue.device, bytes));
      box.bend = () => (isOther ? foreign : of?.answer);
      await person.join('Carla');
      await until('both', () => box.held.size === 2);
      await claims.refresh(person.stop.signal);
      await until('refused', () => person.joining.view().step === 'refused');
    }
  });

  it('has a lead draw once: a box that forgets, or claims that another answered, changes no digits', async () => {
    const box = new FakeClaims();
    const { claims, secret } = await lead(box);
    const person = claimant(box, secret);
    await person.join('Carla');
    await until('handed in', () => box.held.size === 1);
    await claims.refresh(person.stop.signal);
    const digits = claims.view()[0]?.digits;
    const [id = '', held] = [...box.held][0] ?? [];
    if (!held) throw new Error('no claim');
    const { claim } = held.envelope;
    const bytes = nodeEngine.random(16);
    held.answer = await answerClaim(claim, red.chain, red.device, bytes);
    expect(digits).not.toBe(claimDigits(claim, bytes));
    box.held.delete(id);
    await claims.refresh(person.stop.signal);
    expect(claims.view()).toEqual([]);
    box.isForgetful = true;
    box.held.set(id, held);
    await claims.refresh(person.stop.signal);
    expect(claims.view()[0]?.digits).toBe(digits);
  });

  it('has a lead answer few claims of one invitation: more would be a search for equal digits', async () => {
    const box = new FakeClaims();
    const { claims, secret } = await lead(box);
    for (let round = 0; round < 12; round++) {
      const person = claimant(box, secret);
      await person.join(`Mallory ${round}`);
      await until('handed in', () => box.held.size === 1);
      await claims.refresh(person.stop.signal);
      expect(claims.view()).toHaveLength(round < 9 ? 1 : 0);
      person.stop.abort();
      box.held.clear();
    }
  });

  it('keeps the first digits when the box offers others later', async () => {
    const box = new FakeClaims();
    const { claims, secret } = await lead(box);
    const person = claimant(box, secret);
    await person.join('Carla');
    await until('handed in', () => box.held.size === 1);
    await claims.refresh(person.stop.signal);
    const digits = await person.digits();
    const [held] = [...box.held.values()];
    const claim = held?.envelope.claim;
    const later = claim && (await answerClaim(claim, red.chain, red.device, new Uint8Array(16)));
    box.bend = () => later;
    for (const held of box.held.values()) held.admitted = 1;
    box.changed();
    await until('admitted', () => person.self());
    expect(digits).toBe(claims.view()[0]?.digits);
  });

  it('says so when the lead refuses, and after a reload still', async () => {
    const box = new FakeClaims();
    const { claims, secret } = await lead(box);
    const person = claimant(box, secret);
    await person.join('Carla');
    await until('handed in', () => box.held.size === 1);
    await claims.refresh(person.stop.signal);
    for (const held of box.held.values()) held.refused = 1;
    box.changed();
    await until('refused', () => person.joining.view().step === 'refused');
    const record = (await person.vault.get<JoiningRecord>('joining')) as JoiningRecord;
    expect(new Joining(person.deps, { record }).view()).toMatchObject({
      step: 'refused',
      problem: { code: 'INVITATION_REFUSED' },
    });
  });

  it('says so when the invitation is used up', async () => {
    const box = new FakeClaims();
    const { secret } = await lead(box);
    box.isTicketDead = true;
    const person = claimant(box, secret);
    await person.join('Carla');
    await until('refused', () => person.joining.view().problem?.code === 'INVITATION_STOPPED');
  });

  it('hands the same claim in again when the box has lost it', async () => {
    const box = new FakeClaims();
    const { claims, secret } = await lead(box);
    const person = claimant(box, secret);
    await person.join('Carla');
    await until('handed in', () => box.held.size === 1);
    const [id] = box.held.keys();
    await claims.refresh(person.stop.signal);
    await person.digits();
    box.held.clear();
    box.changed();
    await until('handed in again', () => box.posts >= 2 && box.held.size === 1);
    expect([...box.held.keys()]).toEqual([id]);
  });

  it('shows a lead no claim that was made for another mission or another box', async () => {
    const box = new FakeClaims();
    const elsewhere = await lead(box, { cid: 'c'.repeat(51) + 'a', box: boxHash });
    const otherBox = await lead(box, { cid, box: nodeEngine.random(32) });
    for (const { claims, secret } of [elsewhere, otherBox]) {
      box.held.clear();
      const person = claimant(box, secret);
      await person.join('Carla');
      await until('handed in', () => box.held.size === 1);
      await claims.refresh(person.stop.signal);
      expect(claims.view()).toEqual([]);
    }
  });

  it('shows a lead no claim whose keys somebody exchanged', async () => {
    const box = new FakeClaims();
    const { claims, secret } = await lead(box);
    const [person, thief] = [claimant(box, secret), claimant(box, nodeEngine.random(32))];
    await person.join('Carla');
    await thief.join('Mallory');
    await until('handed in', () => box.held.size === 2);
    const [first, second] = [...box.held.values()];
    if (first && second) {
      first.envelope = {
        ...first.envelope,
        claim: { ...first.envelope.claim, d: second.envelope.claim.d },
      };
    }
    await claims.refresh(person.stop.signal);
    expect(claims.view()).toEqual([]);
  });
});
