import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpReply } from '#client/ports.ts';
import { checkProposal } from '#protocol/export/proposal.ts';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { nodeEngine } from '../../appliance/terminal/platform/node-engine.ts';
import { secondRecord, showing } from '../support/client/two-faced-box.ts';
import { foundTogether, joinedBy, type NodeClient } from '../support/node-client.ts';

const clockAhead = fileURLToPath(new URL('../support/clock-ahead.ts', import.meta.url));
const room = 'All parties';
const hourMs = 3_600_000;
let box: BoxProcess;
let people: NodeClient[] = [];

afterEach(async () => {
  for (const one of people) await one.stop();
  await box.remove();
});

/** A mission with something said in it, closed by the votes of the first two leads. */
async function closed(...names: string[]): Promise<NodeClient[]> {
  box = await BoxProcess.start(loopbackConfig, undefined, undefined, clockAhead);
  const leads = names.map((name) => [name, `${name}'s lead`] as const);
  people = await foundTogether(await box.origin(), { leads });
  const [red] = people as [NodeClient];
  await red.send(room, 'Hello all');
  for (const one of people) {
    await one.sees('the message', (seen) => seen.texts(room).includes('Hello all'));
  }
  return people;
}

async function closeBy(...voters: NodeClient[]): Promise<void> {
  await voters[0]?.client.proposeVote({ kind: 'close' });
  for (const one of voters.slice(1)) {
    await one.sees('the question', ({ mission }) => mission.votes.length === 1);
    await one.client.vote(one.mission.votes[0]?.id ?? '', 'yes');
  }
  for (const one of voters) await one.sees('the end', ({ mission }) => mission.closing);
}

interface Proof {
  bk: string;
  records: { s: string; statement: { cid: string; h: string; r: string } }[];
}

const theRecord = ({ mission }: NodeClient) => mission.closing?.record;

/** A reply whose last byte is another. */
function spoiled(reply: HttpReply): HttpReply {
  const body = Uint8Array.from(reply.body);
  body[body.length - 1] = 1 ^ (body.at(-1) ?? 0);
  return { ...reply, body };
}

describe('a party', () => {
  it('whose copy is damaged asks for another one, and refuses until all is well', async () => {
    const [red, blue] = (await closed('Red', 'Blue')) as [NodeClient, NodeClient];
    await closeBy(red, blue);
    await blue.sees('the record', theRecord);
    blue.network.bend = (request, reply) =>
      request.path === '/v1/end/record' ? spoiled(reply) : reply;
    const damaged = { problem: { code: 'RECORD_DAMAGED' } };
    await expect(blue.client.fetchRecord()).rejects.toMatchObject(damaged);
    expect(blue.closing.record).toMatchObject({ state: 'damaged', ...damaged });
    expect(blue.parts.disk.size).toBe(0);
    await expect(blue.client.recordFile()).rejects.toMatchObject({
      problem: { code: 'RECORD_NONE' },
    });
    await blue.client.disputeRecord('damaged');
    await red.sees('the dispute', ({ closing }) => closing.disputes.length > 0);
    expect(red.closing.disputes).toEqual([{ slot: 1, why: 'damaged' }]);
    // The same again changes nothing.
    await blue.client.disputeRecord('damaged');

    blue.network.bend = (_, reply) => reply;
    await blue.client.fetchRecord();
    expect(blue.closing.record?.problem).toBeUndefined();
    await red.sees('the record', theRecord);
    await red.client.fetchRecord();
    await red.client.signReceipt();
    for (const one of [red, blue]) {
      await one.sees("Red's receipt", ({ closing }) => closing.receipts.includes(0));
    }
    // The box still looks at Red's receipt when it is first seen.
    await red.sees('who is missing', ({ closing: { missing } }) => missing.length === 1);
    expect(red.closing).toMatchObject({ step: 'record', missing: [{ slot: 1 }] });
    await blue.client.disputeRecord('refused');
    await red.sees('the refusal', ({ closing }) => closing.disputes.length === 2);
    expect(red.mission.closing?.certificate).toBeUndefined();

    await blue.sees('that it can sign', ({ closing }) => closing.canSign);
    await blue.client.signReceipt();
    for (const one of [red, blue]) {
      await one.sees('the certificate', ({ closing }) => closing.certificate, 30_000);
      expect(one.closing.certificate?.receipts).toEqual([0, 1]);
    }
  }, 90_000);

  it('finds out when somebody was at its disk before it signed', async () => {
    const [red, blue] = (await closed('Red', 'Blue')) as [NodeClient, NodeClient];
    await closeBy(red, blue);
    for (const one of [red, blue]) {
      await one.sees('the record', theRecord);
      await one.client.fetchRecord();
    }
    for (const parts of blue.parts.disk.values()) {
      for (const part of parts.values()) part.fill(1, 2000, 2010);
    }
    await blue.client.signReceipt();
    await blue.sees('the damage', ({ closing }) => closing.record?.state === 'damaged');
    expect(blue.closing).toMatchObject({ receipt: 'wanted', receipts: [] });
    await blue.client.fetchRecord();
    await red.sees("Blue's receipt", ({ closing }) => closing.receipts.includes(1));
  }, 90_000);

  it('that vanishes is gone on without, not before its time and not by one alone', async () => {
    const [red, blue, green] = (await closed('Red', 'Blue', 'Green')) as [
      NodeClient,
      NodeClient,
      NodeClient,
    ];
    green.network.cut(true);
    await closeBy(red, blue);
    for (const one of [red, blue]) {
      // From the first sight of the final close the time runs.
      await one.sees('who is missing', ({ closing }) => {
        const [first, ...others] = closing.missing;
        return first && others.length === 0 && first.secondsLeft < 24 * 3600;
      });
      expect(one.closing).toMatchObject({ step: 'sync', missing: [{ slot: 2, goOn: [] }] });
    }
    expect(red.closing.canGiveUp).toBe(false);
    await expect(red.client.goOnWithout(2)).rejects.toMatchObject({
      problem: { code: 'WAIT_NOT_OVER' },
    });
    red.aheadMs = -48 * hourMs;
    await expect(red.client.goOnWithout(2)).rejects.toMatchObject({
      problem: { code: 'WAIT_NOT_OVER' },
    });
    for (const one of [red, blue]) one.aheadMs = 25 * hourMs;
    await red.client.goOnWithout(2);
    await blue.sees("Red's word", ({ closing }) => closing.missing[0]?.goOn.includes(0));
    expect(blue.closing).toMatchObject({
      excused: [],
      missing: [{ slot: 2, secondsLeft: 0, goOn: [0] }],
    });
    await blue.client.goOnWithout(2);
    // The parties' word is not enough: the box counts the time too, before anything is sealed.
    for (const one of [red, blue]) {
      await one.sees("the box's time", ({ closing }) => closing.excused.length === 1);
      expect(one.closing).toMatchObject({ step: 'sync', missing: [{ slot: 2, goOn: [0, 1] }] });
      expect(one.closing.missing[0]?.secondsLeft).toBeGreaterThan(23 * 3600);
    }
    await writeFile(join(box.directory, 'ahead'), String(24 * hourMs));
    for (const one of [red, blue]) {
      await one.sees('the record', theRecord);
      expect(one.closing.excused).toEqual([2]);
      await one.client.fetchRecord();
    }

    green.network.cut(false);
    await green.sees('the end', ({ mission }) => mission.closing?.record, 30_000);
    expect(green.closing.excused).toEqual([2]);
    await green.client.fetchRecord();
    await green.client.signReceipt();
    await red.sees("Green's receipt", ({ closing }) => closing.receipts.includes(2));
    for (const one of [red, blue]) await one.client.signReceipt();
    await red.sees('the certificate', ({ closing }) => closing.certificate, 30_000);
    expect(red.closing.certificate?.receipts).toEqual([0, 1, 2]);
  }, 90_000);

  it('gives up a device that does not come back, whose unsent words stay on it', async () => {
    const [red, blue] = (await closed('Red', 'Blue')) as [NodeClient, NodeClient];
    const carla = await joinedBy(red, 'Carla');
    people.push(carla);
    carla.network.cut(true);
    await carla.send(room, 'Nobody reads this');
    await closeBy(red, blue);
    await red.sees('the missing device', ({ closing }) => closing.canGiveUp);
    await expect(blue.client.giveUpDevices()).resolves.toBeUndefined();
    await red.client.giveUpDevices();
    await red.sees('the record', theRecord);
    expect(red.closing.sync[0]).toEqual({ slot: 0, devices: 2, done: 1, givenUp: 1 });
    await red.client.fetchRecord();
    carla.network.cut(false);
    await carla.sees('the end', ({ mission }) => mission.closing?.record, 30_000);
    expect(carla.closing.unsent).toBe(1);
    expect(carla.messages(room).at(-1)).toMatchObject({
      text: 'Nobody reads this',
      delivery: 'kept',
    });
    await carla.sees('its own final', ({ closing }) => closing.sync[0]?.done === 2);
    await carla.client.fetchRecord();
    expect(carla.closing.record?.state).toBe('held');
  }, 90_000);
});

describe('a box that gives two parties different records', () => {
  it('is found out by both, with a proof that anybody can check; nothing is signed', async () => {
    const [red, blue] = (await closed('Red', 'Blue')) as [NodeClient, NodeClient];
    // Blue hears nothing of the first record.
    blue.network.bend = (request, reply) => {
      if (request.path.startsWith('/v1/end/')) throw new Error('the way is lost');
      return reply;
    };
    await closeBy(red, blue);
    await red.sees('the record', theRecord);
    await red.client.fetchRecord();
    await red.client.signReceipt();
    const first = (await red.client.recordFile()) as Uint8Array;
    const second = await secondRecord(box, first);
    blue.network.bend = showing(second);
    await blue.sees('its record', theRecord);
    await blue.sees('the proof, from what Red agreed to', ({ closing }) => closing.proof);
    await blue.client.fetchRecord();
    for (const one of [red, blue]) {
      await one.sees('the proof', ({ closing }) => closing.proof !== undefined);
      expect(one.closing).toMatchObject({
        canSign: false,
        receipt: 'none',
        record: { problem: { code: 'RECORD_TWO' } },
      });
      await expect(one.client.signReceipt()).rejects.toMatchObject({
        problem: { code: 'RECORD_TWO' },
      });
    }
    const proof = JSON.parse(red.closing.proof ?? '') as Proof;
    expect(proof).toMatchObject({ t: 'two-records', v: 1 });
    const { h } = second.offer;
    expect(proof.records.map(({ statement }) => statement.h)).toContain(h);
    for (const { s, statement } of proof.records) {
      expect(await checkProposal(nodeEngine, proof.bk, { ...statement, s })).toBe(true);
    }
    expect(red.closing.agreed).toEqual([0]);
    await red.restart();
    expect(red.closing.proof).toBe(JSON.stringify(proof));
  }, 90_000);
});
