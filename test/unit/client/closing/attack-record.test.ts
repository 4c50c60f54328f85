import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Offer } from '#client/closing/end-door.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { recordStatement } from '#protocol/export/proposal.ts';
import { planRecord, type RecordSource } from '#protocol/export/write-record.ts';
import { EndDevice } from '../../../support/client/end-device.ts';
import { PaperBox } from '../../../support/paper-box.ts';
import { seededEngine } from '../../../support/protocol-ports.ts';
import { sampleRecord, written, type SampleRecord } from '../../../support/record.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { close, finalOf } from '../../../support/swarm-simulator/end.ts';
import { roomOf } from '../../../support/swarm-simulator/room.ts';

const { signal } = new AbortController();
const lacking = { problem: { code: 'RECORD_LACKING' } };

/** What a device makes of a record that a box with the true key proposes. */
async function offered(device: SimDevice, box: PaperBox, source: RecordSource): Promise<EndDevice> {
  const plan = await planRecord(source);
  const bytes = await written(plan);
  const h = createHash('sha512').update(bytes).digest('hex');
  const name = { h, r: plan.r };
  const statement = recordStatement({ cid: source.cid, ...name });
  const s = toB64u(await box.signer.sign('parley-box-v1', statement));
  const here = new EndDevice(device, box.signer.publicKey);
  here.doors.hold(bytes);
  await here.copy.propose({ ...name, s, size: bytes.length });
  return here;
}

describe('a box that leaves something out of a record that holds', () => {
  let sample: SampleRecord;
  beforeAll(async () => {
    sample = await sampleRecord();
  }, 30_000);

  it('is found out by who sent or fetched the file', async () => {
    const { box, source } = sample;
    const here = await offered(sample.device('bob@blue'), box, { ...source, files: [] });
    here.filesOnBox.add(sample.file.address);
    await expect(here.copy.fetch(signal)).rejects.toMatchObject(lacking);
    const whole = await offered(sample.device('bob@blue'), box, source);
    whole.filesOnBox.add(sample.file.address);
    await whole.copy.fetch(signal);
    expect(whole.copy.isHeld).toBe(true);
  });

  it('is not suspected for a file that somebody only says to have sent', async () => {
    const { box, source } = sample;
    const here = await offered(sample.device('alice@red'), box, { ...source, files: [] });
    await here.copy.fetch(signal);
    expect(here.copy.isHeld).toBe(true);
  });

  it('is found out by everybody in the conversation, and by nobody else', async () => {
    const { aside, box, source } = sample;
    const swarms = source.swarms.filter(({ cid }) => cid !== aside);
    const receipts = source.receipts.filter(({ cid }) => cid !== aside);
    const without = { ...source, swarms, receipts };
    const bob = await offered(sample.device('bob@blue'), box, without);
    await expect(bob.copy.fetch(signal)).rejects.toMatchObject(lacking);
    const carol = await offered(sample.device('carol@red'), box, without);
    await carol.copy.fetch(signal);
    expect(carol.copy.isHeld).toBe(true);
  });
});

describe('a box that seals what it likes', () => {
  /** A mission to its close; what Carol says last, only Carol's device and a box know. */
  async function closing(last?: string) {
    const sim = await roomOf(['alice@red', 'bob@blue', 'carol@red']);
    const [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
    const box = new PaperBox(seededEngine('box'));
    await alice.write(alice.mission, 'box', { bk: toB64u(box.signer.publicKey) });
    await sync(...sim.people);
    await alice.say(sim.room, 'All of us know this');
    await sync(...sim.people);
    await box.hear(bob);
    const secret = last === undefined ? undefined : await carol.say(sim.room, last);
    await close(sim.cid, [alice, bob]);
    for (const one of sim.people) await hearMission(carol, one);
    const sourceNow = (): RecordSource => {
      const { receipts, swarms } = box;
      return { cid: sim.cid, swarms, receipts, files: [], file: () => empty() };
    };
    return { sim, alice, bob, carol, box, sourceNow, secret };
  }

  it('before every device has sent its last is found out', async () => {
    const { alice, bob, box, sourceNow } = await closing();
    for (const one of [alice, bob]) await one.write(one.mission, 'final', finalOf(one));
    await sync(alice, bob);
    await box.hear(alice);
    const here = await offered(alice, box, sourceNow());
    await expect(here.copy.fetch(signal)).rejects.toMatchObject(lacking);
  });

  it('and swallows what one device sent last is found out by that party', async () => {
    const said = 'The box said that it has this';
    const { alice, bob, box, carol, secret, sim, sourceNow } = await closing(said);
    await carol.write(carol.mission, 'final', { q: [[sim.room, secret?.envelope.q ?? 0]] });
    for (const one of [alice, bob]) await one.write(one.mission, 'final', finalOf(one));
    for (const one of [alice, bob, carol]) {
      for (const other of [alice, bob, carol]) await hearMission(one, other);
    }
    await box.take(undefined, [...alice.mission.commits()]);
    const here = await offered(alice, box, sourceNow());
    await expect(here.copy.fetch(signal)).rejects.toMatchObject(lacking);
    // Of Red's devices Red's leads say so: else any stranger's lie would keep Blue from signing.
    const there = await offered(bob, box, sourceNow());
    await there.copy.fetch(signal);
    expect(there.copy.isHeld).toBe(true);
  });
});

/** One hears of the mission what the other knows, and nothing of its conversations. */
async function hearMission(one: SimDevice, other: SimDevice): Promise<void> {
  await one.mission.admit([...other.mission.commits()], []);
}

async function* empty(): AsyncGenerator<Uint8Array> {}

describe('a record', () => {
  let sample: SampleRecord;
  beforeAll(async () => {
    sample = await sampleRecord();
  }, 30_000);

  it.each([
    ['longer', (size: number) => size + 5 * 1_048_576],
    ['shorter', (size: number) => size - 512],
  ])('that was once said to be %s is fetched all the same', async (_what, wrong) => {
    const { box, source } = sample;
    const bob = await offered(sample.device('bob@blue'), box, source);
    const offer = bob.copy.offer as Offer;
    const liar = new EndDevice(sample.device('bob@blue'), box.signer.publicKey);
    await liar.copy.propose({ ...offer, size: wrong(offer.size) });
    liar.doors.hold(await written(await planRecord(source)));
    await expect(liar.copy.fetch(signal)).rejects.toThrow();
    expect(liar.copy.isHeld).toBe(false);
    await liar.copy.propose(offer);
    await liar.copy.fetch(signal);
    expect(liar.copy.isHeld).toBe(true);
    // What is held has its size: nobody takes it away with a word.
    await liar.copy.propose({ ...offer, size: 1 });
    expect(liar.copy.isHeld).toBe(true);
  });

  it('that is held is checked again when the box gives out what is not in it', async () => {
    const { box, room, source } = sample;
    const device = sample.device('carol@red');
    const carol = await offered(device, box, source);
    await carol.copy.fetch(signal);
    await carol.copy.tend(signal);
    expect(carol.copy.isHeld).toBe(true);
    await device.say(room, 'The box had this all the time');
    await carol.copy.tend(signal);
    expect(carol.copy.isHeld).toBe(false);
    await carol.copy.settled();
    expect(carol.copy.view()).toMatchObject({ state: 'lacking', ...lacking });
  });
});
