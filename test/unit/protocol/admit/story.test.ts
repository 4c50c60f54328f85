import { expect, test } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import { sealProfile } from '#protocol/crypto/profile-seal.ts';
import { missionReplica, roomReplica } from '#protocol/admit/replica.ts';
import { file } from '#protocol/pack/node.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { mission } from '../../../support/swarm-simulator/mission.ts';

test('two parties found a mission, open a room and read each other; a box without keys judges alike', async () => {
  const names = ['alice@red', 'bob@blue', 'carol@red'];
  const sim = await mission(...names);
  const [alice, bob, carol] = names.map((name) => sim.device(name)) as [
    SimDevice,
    SimDevice,
    SimDevice,
  ];
  const room = await alice.begin([alice.keys.mfp, bob.keys.mfp]);
  const cid = room.cid as string;
  await alice.rotate(cid);
  await alice.say(cid, 'hello');
  await alice.add(cid, carol.keys.mfp);
  await sync(alice, bob, carol);
  expect(await carol.read(cid)).toEqual(['hello']);
  await bob.write(bob.room(cid), 'join', {});
  await carol.write(carol.room(cid), 'join', {});
  await sync(alice, bob, carol);
  await alice.shareKeys(cid);
  await sync(alice, bob, carol);
  await bob.say(cid, 'hi alice');
  await carol.say(cid, 'and me');
  await sync(alice, bob, carol);
  for (const one of [alice, bob, carol]) {
    expect((await one.read(cid)).toSorted()).toEqual(['and me', 'hello', 'hi alice']);
    expect(one.room(cid).order().hidden).toEqual([]);
  }
  const box = missionReplica(nodeEngine, sim.cid);
  await box.admit([...alice.mission.commits()]);
  const blind = roomReplica(nodeEngine, box, cid);
  const answer = await blind.admit([...alice.room(cid).commits()]);
  expect(answer.no).toEqual([]);
  expect(toB64u(blind.swarm.tree(blind.view()).th)).toBe(
    toB64u(alice.room(cid).swarm.tree(alice.room(cid).view()).th),
  );
  expect(answer.objects.length).toBeGreaterThan(10);
  expect((await blind.admit([...alice.room(cid).commits()])).objects).toEqual([]);
});

test('S96, S98: a sealed profile travels with its blob, and the newest of concurrent ones wins everywhere', async () => {
  const sim = await mission('alice@red', 'bob@blue');
  const [alice, bob] = [sim.device('alice@red'), sim.device('bob@blue')];
  const room = await alice.begin([alice.keys.mfp, bob.keys.mfp]);
  const cid = room.cid as string;
  await alice.rotate(cid);
  await sync(alice, bob);
  await bob.write(bob.room(cid), 'join', {});
  await sync(alice, bob);
  await alice.shareKeys(cid);
  await sync(alice, bob);
  const name = async (who: SimDevice, title: string) => {
    const e = who.room(cid).view().state.newest[0] as string;
    const sealing = {
      epochKey: who.ring(cid).key(e) as Uint8Array,
      deviceSecret: new Uint8Array(32),
    };
    const blob = file(sealProfile(nodeEngine, sealing, `BEGIN:VCARD\nFN:${title}\nEND:VCARD\n`));
    return who.write(who.room(cid), 'profile', { h: toB64u(blob.th) }, { profile: { blob, e } });
  };
  const [first, second] = [await name(alice, 'Bridge'), await name(bob, 'Dam')];
  const waiting = await alice.room(cid).admit([second]);
  expect(waiting.missing.blobs).toHaveLength(1);
  await sync(alice, bob);
  const winner = [first.sid, second.sid].sort()[1];
  for (const one of [alice, bob]) {
    const profiles = one
      .room(cid)
      .view()
      .state.profiles.map(({ by }) => by);
    expect(profiles.toSorted().at(-1)).toBe(winner);
  }
  const last = await name(alice, 'River');
  await sync(alice, bob);
  expect(
    bob
      .room(cid)
      .view()
      .state.profiles.map(({ by }) => by),
  ).toEqual([last.sid]);
});

test('a founding of nine parties has nine heads, which a merge brings down before anything else (L7)', async () => {
  const names = Array.from({ length: 9 }, (_, i) => `p${i}@party${i}`);
  const sim = await mission(...names);
  const [first] = [sim.device('p0@party0')];
  expect(first.mission.heads).toHaveLength(9);
  const bk = toB64u(new Uint8Array(32));
  const early = { k: 'box', d: first.keys.dfp, seconds: 0, x: { bk } };
  expect(await first.mission.propose(early)).toMatchObject({ ok: false, rule: 'F4' });
  await first.write(first.mission, 'box', { bk });
  expect(first.mission.heads).toHaveLength(1);
});
