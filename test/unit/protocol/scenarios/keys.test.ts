import { beforeAll, expect, test } from 'vitest';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { parseCommit } from '#protocol/codec/commit.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { messageKey, readMessage, type Place } from '#protocol/crypto/message-seal.ts';
import { openProfile, sealProfile } from '#protocol/crypto/profile-seal.ts';
import { unseal } from '#protocol/crypto/seal.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { KeyRing } from '#protocol/keys/key-ring.ts';
import { newEpoch } from '#protocol/keys/new-epoch.ts';
import { file } from '#protocol/pack/node.ts';
import { checkShare } from '#protocol/state/enrolment.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import type { Op } from '#protocol/state/op.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { seedOf } from '../../../support/people.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { admitted, further } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';

type Args = { [key: string]: Json };

let sim: SimRoom;
let alice: SimDevice;
let bob: SimDevice;
let carol: SimDevice;

beforeAll(async () => {
  sim = await roomOf(['alice@red', 'bob@blue', 'carol@green']);
  [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
});

test('S99: who is asked in reads title and description of a profile that was set before', async () => {
  const e = sim.of(alice).view().state.newest[0] as string;
  const epochKey = alice.ring(sim.room).key(e) as Uint8Array;
  const vcard = 'BEGIN:VCARD\nVERSION:4.0\nFN:Bridge\nNOTE:over the river\nEND:VCARD\n';
  const sealing = { epochKey, deviceSecret: new Uint8Array(32) };
  const blob = file(sealProfile(nodeEngine, sealing, vcard));
  await alice.write(sim.of(alice), 'profile', { h: toB64u(blob.th) }, { profile: { blob, e } });
  const eve = await admitted(alice, 'eve@red');
  await alice.add(sim.room, eve.keys.mfp);
  await eve.pull(alice);
  const [profile] = sim.of(eve).view().state.profiles;
  const key = eve.ring(sim.room).key(profile?.epoch ?? '') as Uint8Array;
  expect(openProfile(key, profile?.blob.object.body as Uint8Array)).toMatchObject({
    ok: true,
    value: vcard,
  });
  await sync(alice, bob, carol);
});

test('S108, K6: a new device of a person reads the whole history once another shares the key', async () => {
  for (const text of ['one', 'two']) {
    await alice.rotate(sim.room);
    await alice.say(sim.room, text);
  }
  const tablet = await further(alice, 'tablet@red');
  await sync(alice, tablet);
  expect(await tablet.read(sim.room)).toEqual([]);
  const before = sim.of(alice).view().state.newest;
  await alice.shareKeys(sim.room);
  expect(sim.of(alice).view().state.newest).toEqual(before);
  await tablet.pull(alice);
  expect(await tablet.read(sim.room)).toEqual(['one', 'two']);
  await tablet.say(sim.room, 'from the tablet');
  await sync(alice, bob, carol, tablet);
});

test('K15: an epoch is boxed to the newest pre-key, and whoever steals the key of the device opens none of it', async () => {
  const room = await roomOf(['ann@red', 'ben@blue']);
  const [ann, ben] = room.people as [SimDevice, SimDevice];
  const pre = scalarKey(seedOf('a pre-key of Ben'));
  const x = { id: toB64u(seedOf('its id').subarray(0, 8)), x: toB64u(pre.publicKey) };
  const stale = ann.epochArguments(room.room);
  await ben.write(ben.mission, 'devadd', { pre: x });
  await ann.pull(ben);
  const lazy = { ...ann.epochArguments(room.room), boxes: stale.boxes } as unknown as Args;
  const forged = await forge(ann, room.of(ann), { k: 'epoch', x: lazy });
  expect(await verdict(room.of(ben), forged)).toBe('K15');
  const commit = await ann.rotate(room.room);
  const { dfp, mfp } = ben.keys;
  const opens = async (...deviceKeys: (typeof pre)[]) => {
    const own = { device: dfp, member: mfp, deviceKeys };
    return new KeyRing(room.room).learn(room.of(ann).op(commit.sid) as Op, own);
  };
  expect(await opens(pre)).toBe('learned');
  // The pre-key is erased; a newer one and the device's own are stolen.
  expect(await opens(ben.keys.deviceKey, scalarKey(seedOf('a newer one')))).toBe('broken');
});

test('S110: who is shown one plaintext checks author, place and words without any key, and learns no other', async () => {
  const said = await carol.say(sim.room, 'the bridge holds');
  const other = await carol.say(sim.room, 'and this is for us');
  const plainOf = (commit: Commit) => {
    const key = carol.ring(sim.room).key(commit.envelope.e as string) as Uint8Array;
    const kmsg = messageKey(key, commit.envelope as Place);
    return [kmsg, unseal(kmsg, commit.sealed as Uint8Array) as Uint8Array] as const;
  };
  const [shown, plain] = plainOf(said);
  // What a stranger has: the raw commit out of the record, and the plaintext.
  const parsed = parseCommit(said.raw);
  if (!parsed.ok) throw new Error(parsed.why);
  const { envelope, payload, signature } = parsed.value;
  expect(await verifyBlob(nodeEngine, 'git', signature.key, payload, signature.bytes)).toBe(true);
  const place = envelope as Place;
  expect(place).toMatchObject({ cid: sim.room, d: carol.keys.dfp, q: said.envelope.q });
  expect(readMessage(plain, place, envelope.pc as string)).toMatchObject({
    ok: true,
    value: { b: { body: 'the bridge holds' } },
  });
  const bent = plain.slice();
  bent[20] = (bent[20] as number) ^ 1;
  expect(readMessage(bent, place, envelope.pc as string).ok).toBe(false);
  expect(readMessage(plain, other.envelope as Place, other.envelope.pc as string).ok).toBe(false);
  expect(unseal(shown, other.sealed as Uint8Array)).toBeUndefined();
});

test('S185, K12: epochs that nobody can open keep nobody from writing', async () => {
  await sync(alice, bob, carol);
  for (let i = 0; i < 6; i++) {
    const draft = carol.epochArguments(sim.room);
    const garbage = draft.boxes.map(([d, id, nonce]) => [d, id, nonce, toB64u(seedOf(`box ${i}`).slice(0, 32)).padEnd(64, 'A')]); // prettier-ignore
    await carol.write(sim.of(carol), 'epoch', { ...draft, boxes: garbage } as unknown as Args);
    await alice.pull(carol);
    const said = await alice.say(sim.room, `after ${i} of them`);
    expect(alice.ring(sim.room).key(said.envelope.e as string)).toBeDefined();
  }
  await bob.pull(alice);
  expect((await bob.read(sim.room)).at(-1)).toBe('after 5 of them');
  await bob.rotate(sim.room);
  const said = await bob.say(sim.room, 'under a key of my own');
  await sync(alice, bob);
  expect(await alice.read(sim.room)).toContain('under a key of my own');
  const old = [...sim.of(alice).view().state.epochs.values()].find(({ generation }) => generation === 1); // prettier-ignore
  expect(said.envelope.e).not.toBe(old?.id);
  await expect(bob.sayUnder(sim.room, old?.id as string, 'going back')).rejects.toThrow(/^K/);
});

test('K17, K7: an epoch that is marked cut links nothing, so that what was before stays closed', async () => {
  const room = await roomOf(['ann@red', 'ben@blue']);
  const [ann, ben] = room.people as [SimDevice, SimDevice];
  await ann.say(room.room, 'before the cut');
  await ben.pull(ann);
  const replica = room.of(ann);
  const place = () => ({ cid: room.room, d: ann.keys.dfp, q: replica.next(ann.keys.dfp).q });
  const linked = newEpoch(nodeEngine, place(), replica.view(), ann.ring(room.room), 'guest');
  expect(linked.x.back).toHaveLength(1);
  const bent = await forge(ann, replica, { k: 'epoch', x: { ...linked.x, cut: 1 } as unknown as Args }); // prettier-ignore
  expect(await verdict(room.of(ben), bent)).toBe('K17');
  const { key, x } = newEpoch(nodeEngine, place(), replica.view(), ann.ring(room.room), 'guest', true); // prettier-ignore
  expect([x.cut, x.back]).toEqual([1, undefined]);
  const commit = await ann.write(replica, 'epoch', x as unknown as Args);
  ann.ring(room.room).put(replica.op(commit.sid) as Op, key);
  await ann.say(room.room, 'after the cut');
  const ring = new KeyRing(room.room);
  for (const { sid } of replica.order().shown) {
    const op = replica.op(sid) as Op;
    if (op.envelope.k === 'epoch') await ring.learn(op, { device: '', member: '', deviceKeys: [] });
  }
  expect(ring.put(replica.op(commit.sid) as Op, key)).toBe(true);
  expect(ring.held).toEqual([x.id]);
});

test('S186, K13: a party takes its share of devices and no more, however many persons it has', () => {
  const { state } = alice.mission.view();
  const parties = state.parties.size;
  const crowded = (each: number, people: number): MissionState => {
    const [device] = [...state.devices.values()];
    const [member] = [...state.members.values()].filter(({ party }) => party === alice.keys.pfp);
    if (device === undefined || member === undefined) throw new Error('nobody is there');
    const [devices, members] = [new Map(state.devices), new Map(state.members)];
    for (let i = 0; i < people; i++) {
      members.set(`person ${i}`, member);
      for (let j = 0; j < each; j++)
        devices.set(`device ${i} ${j}`, { ...device, member: `person ${i}` });
    }
    return { ...state, devices, members };
  };
  const nearly = Math.floor(512 / parties / 8) - 1;
  const red = (of: MissionState) => checkShare(of, alice.keys.pfp, alice.keys.mfp);
  const blue = (of: MissionState) => checkShare(of, bob.keys.pfp, bob.keys.mfp);
  expect(red(crowded(8, nearly))).toMatchObject({ ok: true });
  expect(red(crowded(8, nearly + 1))).toMatchObject({ ok: false, rule: 'K13' });
  expect(blue(crowded(8, nearly + 1))).toMatchObject({ ok: true });
  // What concurrent enrolment can still bring above it never gets one more.
  expect(red(crowded(8, 94))).toMatchObject({ ok: false, rule: 'K13' });
});

test('K13: the ninth device of a person is refused, and the others are not', async () => {
  for (let i = 0; i < 8; i++) {
    const next = further(bob, `bob’s device ${i}`);
    if (i < 7) await bob.pull(await next);
    else await expect(next).rejects.toThrow('K13');
  }
  await expect(further(carol, 'carol’s second')).resolves.toBeDefined();
});

test('R33: a message has a sealed body of a size of the list, and is by somebody who has joined', async () => {
  const room = await roomOf(['ann@red', 'ben@blue']);
  const [ann, ben] = room.people as [SimDevice, SimDevice];
  const said = await ann.say(room.room, 'as it should be');
  const { e, pc } = said.envelope as { e: string; pc: string };
  const seal = (length: number) => ({ k: 'msg', sealed: { body: new Uint8Array(length), e, pc } });
  const size = (said.sealed as Uint8Array).length;
  await ben.pull(ann);
  expect(await verdict(room.of(ben), await forge(ann, room.of(ann), seal(size - 1)))).toBe('R33');
  expect(await verdict(room.of(ben), await forge(ann, room.of(ann), seal(size)))).toBe('ok');
  const invited = await admitted(ann, 'ivy@red');
  await ann.add(room.room, invited.keys.mfp);
  await invited.pull(ann);
  await ben.pull(ann);
  const early = await forge(invited, room.of(invited), seal(size));
  expect(await verdict(room.of(ben), early)).toBe('R17');
});

test('R30: an epoch whose id is there already is refused (K1), a fresh one is not', async () => {
  const room = await roomOf(['ann@red', 'ben@blue']);
  const [ann, ben] = room.people as [SimDevice, SimDevice];
  const fresh = ben.epochArguments(room.room) as unknown as Args;
  const [id] = room.of(ann).view().state.newest as [string];
  const twice = await forge(ben, room.of(ben), { k: 'epoch', x: { ...fresh, id } });
  expect(await verdict(room.of(ann), twice)).toBe('K1');
  const once = await ben.write(room.of(ben), 'epoch', fresh);
  expect(await verdict(room.of(ann), once)).toBe('ok');
});
