import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readErasure } from '#protocol/export/erasure.ts';
import { openKeyFile } from '#protocol/archive/key-file.ts';
import { readKeyCard } from '#protocol/archive/key-card.ts';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { foundMission, joinedBy, type NodeClient } from '../support/node-client.ts';

const room = 'All parties';
let box: BoxProcess;
let red: NodeClient;
let blue: NodeClient;
let carla: NodeClient;

beforeAll(async () => {
  // It begins anew after the wipe, and the devices look for it where it was.
  const gateway = { httpsPort: await freePort(), httpPort: 0 };
  const teardown = { farewellSeconds: 3 };
  box = await BoxProcess.start({ ...loopbackConfig, gateway, teardown });
  ({ red, blue } = await foundMission(await box.origin()));
  carla = await joinedBy(red, 'Carla');
  await red.send(room, 'Hello Blue');
  await blue.sees('the message', (one) => one.texts(room).includes('Hello Blue'));
}, 60_000);

afterAll(async () => {
  for (const one of [red, blue, carla]) await one?.stop();
  await box.remove();
});

describe('the end of a mission of two parties and three devices', { timeout: 60_000 }, () => {
  it('asks all parties, and does nothing on the word of one', async () => {
    await red.client.proposeVote({ kind: 'close' });
    await blue.sees('the question', ({ mission }) => mission.votes.length === 1);
    const [vote] = blue.mission.votes;
    expect(vote).toMatchObject({
      about: { kind: 'close' },
      ...{ yes: [0], no: [], units: [0, 1], needed: 2, state: 'open', proposedBy: 0 },
      canVote: true,
    });
    expect(vote?.mine).toBeUndefined();
    expect(red.mission.votes[0]).toMatchObject({ mine: 'yes', canVote: true });
    await carla.sees('the question', ({ mission }) => mission.votes.length === 1);
    expect(carla.mission.votes[0]).toMatchObject({ canVote: false });
    await expect(carla.client.vote(vote?.id ?? '', 'yes')).rejects.toMatchObject({
      problem: { code: 'NOT_A_LEAD' },
    });
    for (const one of [red, blue, carla]) expect(one.mission.closing).toBeUndefined();
  });

  it('lets a party say no, and change its mind', async () => {
    const id = blue.mission.votes[0]?.id ?? '';
    await blue.client.vote(id, 'no');
    await red.sees('the no', ({ mission }) => mission.votes[0]?.no.includes(1));
    expect(red.mission.votes[0]).toMatchObject({ state: 'cannot-pass', yes: [0], no: [1] });
    await blue.client.vote(id, 'withdraw');
    await red.sees('no more no', ({ mission }) => mission.votes[0]?.no.length === 0);
    expect(red.mission.votes[0]?.state).toBe('open');
  });

  it('closes when the other party says yes too, while one device is away', async () => {
    carla.network.cut(true);
    await carla.sees('no link', ({ view }) => view.link.state === 'none');
    await carla.send(room, 'Written in the cellar');
    await blue.client.vote(blue.mission.votes[0]?.id ?? '', 'yes');
    for (const one of [red, blue]) {
      await one.sees('the end', ({ mission }) => mission.closing !== undefined);
      expect(one.mission.votes[0]).toMatchObject({ state: 'passed', yes: [0, 1], canVote: false });
    }
    await red.sees('both finals', ({ closing }) => closing.sync.every(({ done }) => done === 1));
    expect(red.closing).toMatchObject({
      step: 'sync',
      sync: [
        { slot: 0, devices: 2, done: 1, givenUp: 0 },
        { slot: 1, devices: 1, done: 1, givenUp: 0 },
      ],
      canGiveUp: true,
      missing: [{ slot: 0, goOn: [] }],
    });
    expect(blue.closing.canGiveUp).toBe(false);
  });

  it('refuses in words what is written after the close', async () => {
    await expect(red.send(room, 'Too late')).rejects.toMatchObject({
      problem: { code: 'MISSION_CLOSED' },
    });
    expect(red.conversation(room)?.readOnly).toBe('The mission is closed.');
    const file = { name: 'map', sizeBytes: 3, read: () => Promise.resolve(new Uint8Array(3)) };
    const sending = red.client.sendFile(red.conversation(room)?.cid ?? '', file);
    await expect(sending).rejects.toMatchObject({ problem: { code: 'MISSION_CLOSED' } });
  });

  it('takes what the device that was away wrote before it knew, then has one record', async () => {
    carla.network.cut(false);
    for (const one of [red, blue]) {
      await one.sees('her message', (seen) => seen.texts(room).includes('Written in the cellar'));
      await one.sees('the record', ({ closing }) => closing.record !== undefined);
    }
    expect(carla.closing.unsent).toBe(0);
    expect(red.closing).toMatchObject({ step: 'record', canSign: false, receipt: 'none' });
    expect(red.closing.record?.fingerprint).toMatch(/^[0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}$/u);
    expect(red.closing.record?.fingerprint).toBe(blue.closing.record?.fingerprint);
    await expect(red.client.signReceipt()).rejects.toMatchObject({
      problem: { code: 'RECORD_NONE' },
    });
    await expect(red.client.leaveMission()).rejects.toMatchObject({
      problem: { code: 'CLOSING_NOT_YET' },
    });
  });

  it('fetches the record with a restart in the middle, and holds the same bytes everywhere', async () => {
    let asked = 0;
    red.network.bend = (request, reply) => {
      if (request.path !== '/v1/end/record') return reply;
      asked += 1;
      throw new Error('the way is lost');
    };
    const cut = red.client.fetchRecord();
    cut.catch(() => undefined);
    await red.sees('the fetch', () => asked > 0);
    expect(red.closing.record?.state).toBe('saving');
    red.network.bend = (_, reply) => reply;
    await red.restart();
    await red.sees(
      'all of it',
      ({ view }) => view.mission?.closing?.record?.state === 'held',
      30_000,
    );
    await blue.client.fetchRecord();
    await carla.client.fetchRecord();
    const files = await Promise.all([red, blue, carla].map((one) => one.client.recordFile()));
    const [one, two, three] = files.map((file) => Buffer.from(file as Uint8Array));
    expect(one?.length).toBe(red.closing.record?.size);
    expect(two?.equals(one ?? Buffer.alloc(0))).toBe(true);
    expect(three?.equals(one ?? Buffer.alloc(0))).toBe(true);
    expect(red.closing.record?.found).toMatchObject({ conversations: 1, files: 0 });
    expect(red.closing.record?.found?.commits).toBeGreaterThan(10);
  });

  it('signs by itself once the other party has the record too', async () => {
    for (const one of [red, blue]) {
      await one.sees('both agreements', ({ closing }) => closing.agreed.length === 2);
    }
    await expect(carla.client.signReceipt()).rejects.toMatchObject({
      problem: { code: 'NOT_A_LEAD' },
    });
    expect(carla.closing.canSign).toBe(false);
    await red.client.signReceipt();
    await blue.sees("Red's receipt", ({ closing }) => closing.receipts.includes(0));
    expect(blue.closing).toMatchObject({ step: 'record', canSign: true, receipt: 'none' });
    expect(red.closing.receipt).toBe('signed');
    await blue.sees('whom the box waits for', ({ closing }) => {
      const [first, ...others] = closing.missing;
      return first?.slot === 1 && others.length === 0;
    });
  });

  it('gives out keys for the time after, which open again', async () => {
    const passphrase = 'a long passphrase';
    await expect(red.client.keyFile('short')).rejects.toMatchObject({
      problem: { code: 'PASSPHRASE_SHORT' },
    });
    const { name, text } = await red.client.keyFile(passphrase);
    expect(name).toBe('keys-Flood-response-Rosa.json');
    const card = readKeyCard(await red.client.keyCard());
    const opened = await openKeyFile(text, { passphrase });
    if (!opened.ok || !card.ok) throw new Error('they do not open');
    expect(opened.value).toMatchObject({ name: 'Rosa', mission: 'Flood response', code: 'R' });
    expect(opened.value.epochs.length).toBeGreaterThan(0);
    expect(opened.value.member).toEqual(card.value.member);
    expect(opened.value.party).toBeDefined();
    const hers = await openKeyFile((await carla.client.keyFile(passphrase)).text, { passphrase });
    expect(hers.ok && hers.value.party).toBeUndefined();
  });

  it('ends with a certificate that everybody checks and keeps', async () => {
    await carla.stop();
    await blue.client.signReceipt();
    for (const one of [red, blue]) {
      await one.sees('the certificate', ({ closing }) => closing.certificate !== undefined, 60_000);
      expect(one.closing).toMatchObject({
        step: 'wiped',
        certificate: { receipts: [0, 1], excused: [], isProven: true },
        missing: [],
      });
      expect(one.view.problem).toBeUndefined();
    }
    expect(red.closing.certificate).toEqual(blue.closing.certificate);
    const read = readErasure(await red.client.certificateText());
    expect(read.ok && read.value.c.receipts.length).toBe(2);
    await red.restart();
    expect(red.closing.step).toBe('wiped');
    expect(red.closing.certificate).toEqual(blue.closing.certificate);
  });

  it('tells a device that comes back when the box is another one already', async () => {
    await until('the box begins anew', () => box.stdout.split('Press Ctrl-C').length > 2, 20_000);
    await carla.open();
    await carla.sees('the certificate', ({ closing }) => closing.certificate !== undefined, 30_000);
    expect(carla.closing.step).toBe('wiped');
    expect(carla.closing.certificate).toEqual(blue.closing.certificate);
    expect(carla.view.problem).toBeUndefined();
  });

  it('forgets everything on leaving, and can found the next mission on the same box', async () => {
    for (const one of [red, blue]) {
      await one.client.leaveMission();
      expect(one.view.stage).toBe('welcome');
      expect(one.view.mission).toBeUndefined();
      expect(one.parts.disk.size).toBe(0);
      const { records, repositories } = one.storage.image();
      expect([records.size, repositories.size]).toEqual([0, 0]);
    }
    await red.sees('the empty box', ({ view }) => view.box?.hasMission === false);
    await red.client.propose({
      name: 'Next',
      purpose: 'Again',
      history: 'all',
      addParty: 'all',
      close: 'two-thirds',
      wipeAfterHours: 24,
      parties: ['Red', 'Blue'].map((name) => ({ name, code: name.slice(0, 1) })),
    });
    expect(red.view.stage).toBe('founding');
  });
});
