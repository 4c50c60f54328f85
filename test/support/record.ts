import type { PersonKeys } from '#protocol/archive/person-keys.ts';
import { concat, utf8 } from '#protocol/codec/bytes.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { boardOf } from '#protocol/content/board-fold.ts';
import { writeVcard } from '#protocol/content/vcard.ts';
import { sealMessage } from '#protocol/crypto/message-seal.ts';
import { sealProfile } from '#protocol/crypto/profile-seal.ts';
import { planRecord, type RecordPlan, type RecordSource } from '#protocol/export/write-record.ts';
import { file } from '#protocol/pack/node.ts';
import type { Op } from '#protocol/state/op.ts';
import { addressOf } from '#protocol/transfer/offer.ts';
import { OutgoingFile } from '#protocol/transfer/outgoing-file.ts';
import { foundingOf } from './ceremony.ts';
import { element } from './client/board-room.ts';
import { fileOf, filePorts } from './files.ts';
import { PaperBox } from './paper-box.ts';
import { seedOf } from './people.ts';
import { seededEngine } from './protocol-ports.ts';
import { sync, type SimDevice } from './swarm-simulator/device.ts';
import { close, finalOf } from './swarm-simulator/end.ts';
import { asOf } from './swarm-simulator/fork.ts';
import { roomOf } from './swarm-simulator/room.ts';
import { resolve, vote } from './swarm-simulator/vote.ts';

/** Who is in the sample: three leads, one more person of Red; Red and Blue ban Green's lead. */
export const samplePeople = ['alice@red', 'bob@blue', 'carol@red', 'dora@green'] as const;

/** A whole mission to its close, as its box would give it out; every byte follows from names. */
export interface SampleRecord {
  bytes: Uint8Array;
  plan: RecordPlan;
  source: RecordSource;
  /** The mission. */
  cid: string;
  /** The conversation of all four: title, texts, file, drawing. */
  room: string;
  /** Alice's and Bob's alone. */
  aside: string;
  title: string;
  /** Texts that the conversation shows, in order; and those of the other one. */
  texts: readonly string[];
  asideTexts: readonly string[];
  /** A text that is in the record and not shown: Dora's, written after her ban by one who missed it. */
  hiddenText: string;
  file: { name: string; bytes: Uint8Array; address: string };
  /** Id of the element that is drawn. */
  drawn: string;
  box: PaperBox;
  device(name: (typeof samplePeople)[number]): SimDevice;
  /** A person's keys as a key file has them. */
  keys(name: (typeof samplePeople)[number]): PersonKeys;
}

const texts = ['Water is rising at the bridge', 'We send two boats', 'Carol here, all well'];
const asideTexts = ['Only between us'];
const hiddenText = 'Dora did not hear of it';
const title = 'Everybody';

/** Makes the sample; takes about a second. */
export async function sampleRecord(reader?: Uint8Array): Promise<SampleRecord> {
  const sim = await roomOf(samplePeople);
  const [alice, bob, carol, dora] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
  const { names } = await foundingOf('red', 'blue', 'green');
  const box = new PaperBox(seededEngine('box'));
  await alice.write(alice.mission, 'box', { bk: toB64u(box.signer.publicKey) });
  await sync(...sim.people);
  await box.hear(alice);

  const room = sim.room;
  await rename(alice, room, title);
  await tell(alice, room, 'mission-names', { text: names });
  for (const person of sim.people) {
    await sync(...sim.people);
    const name = person.name.slice(0, person.name.indexOf('@'));
    await tell(person, room, 'member-profile', { name: name[0]?.toUpperCase() + name.slice(1) });
  }
  await sync(...sim.people);
  await tell(alice, room, 'text/plain', { body: texts[0] as string });
  await sync(...sim.people);
  const answer = await tell(bob, room, 'text/plain', { body: texts[1] as string });
  const plain = utf8('Bridge, boats, people\n'.repeat(100));
  const ports = { ...filePorts, engine: seededEngine('file') };
  const outgoing = await OutgoingFile.prepare(ports, fileOf(plain, 'plan.txt'));
  const sealed = await outgoing.chunks(0, outgoing.layout.chunks);
  if (!sealed.ok) throw new Error(sealed.why);
  await tell(bob, room, 'data-transfer', outgoing.offer as unknown as { [key: string]: Json });
  const ops = [{ e: element({ id: 'boat' }) }];
  await tell(bob, room, 'board', { id: boardOf(room), ops });
  await sync(...sim.people);
  await tell(carol, room, 'text/plain', { body: texts[2] as string });
  await sync(...sim.people);
  await box.hear(carol);

  const aside = (await alice.begin([alice.keys.mfp, bob.keys.mfp])).cid as string;
  await alice.rotate(aside);
  await tell(alice, aside, 'text/plain', { body: asideTexts[0] as string });
  await bob.pull(alice);
  await bob.write(bob.room(aside), 'join', {});
  await alice.pull(bob);
  await box.hear(alice);

  await banDora(alice, bob, dora);
  // The box hears her first and of the ban second; nobody builds on what she wrote.
  await tell(dora, room, 'text/plain', { body: hiddenText });
  await box.hear(dora);
  await sync(alice, bob);
  await alice.rotate(room, 'ban');
  await tell(alice, room, 'reaction', { to: answer.sid, body: '👍' });
  await fork(carol, room, box);
  await sync(alice, bob);
  await box.hear(alice);
  await close(sim.cid, [alice, bob]);
  // Carol's device hears of nothing any more.
  await alice.write(alice.mission, 'final', finalOf(alice, { up: [carol.keys.dfp] }));
  await bob.write(bob.mission, 'final', finalOf(bob));
  await sync(alice, bob);
  await box.hear(bob);

  const address = addressOf(outgoing.offer);
  const source: RecordSource = {
    cid: sim.cid,
    swarms: box.swarms,
    files: [{ address, size: sealed.value.length }],
    file: () => piecewise(sealed.value),
    receipts: box.receipts,
    ...(reader && { reader }),
  };
  const plan = await planRecord(source);
  return {
    bytes: await written(plan),
    plan,
    source,
    ...{ cid: sim.cid, room, aside, title, texts, asideTexts, hiddenText, box },
    file: { name: 'plan.txt', bytes: plain, address },
    drawn: 'boat',
    device: (name) => sim.device(name),
    keys: (name) => keysOf(sim.device(name), names),
  };
}

/** All bytes of a plan at once. */
export async function written(plan: RecordPlan): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of plan.pieces()) pieces.push(piece);
  return concat(...pieces);
}

/** Any message, sealed under the newest key that the device may use. */
async function tell(
  device: SimDevice,
  cid: string,
  t: string,
  b: { [key: string]: Json },
): Promise<Commit> {
  const room = device.room(cid);
  const { d, e, epochKey } = sealingOf(device, cid);
  const place = { cid, d, ...room.next(d) };
  const sealing = { epochKey, deviceSecret: seedOf(`${device.name} secret`) };
  const { body, pc } = sealMessage(device.engine, sealing, place, { t, b, m: 1_800_000_000_000 });
  return device.write(room, 'msg', undefined, { sealed: { body, e, pc } });
}

async function rename(device: SimDevice, cid: string, to: string): Promise<void> {
  const { e, epochKey } = sealingOf(device, cid);
  const sealing = { epochKey, deviceSecret: seedOf(`${device.name} secret`) };
  const vcard = writeVcard({ title: to, description: '' });
  const blob = file(sealProfile(device.engine, sealing, vcard));
  const profile = { blob, e };
  await device.write(device.room(cid), 'profile', { h: toB64u(blob.th) }, { profile });
}

function sealingOf(device: SimDevice, cid: string) {
  const ring = device.ring(cid);
  const e = ring.held.at(-1) as string;
  return { d: device.keys.dfp, e, epochKey: ring.key(e) as Uint8Array };
}

async function banDora(alice: SimDevice, bob: SimDevice, dora: SimDevice): Promise<void> {
  const motion = { a: 'ban', c: 'member', u: dora.keys.mfp };
  const votes = [await vote(alice, alice.mission, motion), await vote(bob, bob.mission, motion)];
  await sync(alice, bob);
  await resolve(alice, alice.mission, motion, votes);
}

/** Carol's device was copied: two commits of one number, one of which goes on. */
async function fork(carol: SimDevice, room: string, box: PaperBox): Promise<void> {
  const before = carol.room(room).newest(carol.keys.dfp) as Op;
  const twin = await asOf(carol, carol.room(room), before);
  await tell(carol, room, 'text/plain', { body: 'Carol, one way' });
  await tell(carol, room, 'text/plain', { body: 'Carol, and on' });
  await tell(twin.device, room, 'text/plain', { body: 'Carol, another way' });
  await box.hear(carol);
  await box.hear(twin.device);
}

function keysOf(device: SimDevice, names: string): PersonKeys {
  const [name, party] = device.name.split('@') as [string, string];
  const isLead = name !== 'carol';
  const seed = (use: string, short: string) =>
    seedOf(isLead ? `${party} ${use}` : `${device.name} ${short}`);
  return {
    cid: device.mission.cid as string,
    code: party.slice(0, 1),
    epochs: [...device.rings].flatMap(([cid, ring]) =>
      ring.held.map((eid) => ({ cid, eid, key: ring.key(eid) as Uint8Array })),
    ),
    member: seed('member', 'm'),
    inbox: seed('inbox', 'i'),
    mission: 'Flood response',
    name: name.replace(/^./, (first) => first.toUpperCase()),
    names,
    pfp: device.keys.pfp,
    ...(isLead && { party: seedOf(`${party} party`) }),
  };
}

async function* piecewise(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) {
    yield await Promise.resolve(bytes.subarray(at, at + 1000));
  }
}
