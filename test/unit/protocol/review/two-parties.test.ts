import { expect, test } from 'vitest';
import type { Commit } from '#protocol/codec/commit-form.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { missionReplica, roomReplica, type RoomReplica } from '#protocol/admit/replica.ts';
import { issueDevice, issueMember } from '#protocol/identity/issue.ts';
import { statusOf } from '#protocol/state/child-state.ts';
import { isDeviceEffective, isMemberEffective, leadsOf } from '#protocol/state/mission-state.ts';
import type { Op } from '#protocol/state/op.ts';
import { seedOf } from '../../../support/people.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { all, sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { asOf } from '../../../support/swarm-simulator/fork.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { admitted, further } from '../../../support/swarm-simulator/mission.ts';
import { roomOf } from '../../../support/swarm-simulator/room.ts';

/** The same person's key, certified by another party, with a device of its own. */
async function admission(of: SimDevice, by: SimDevice, n: number) {
  const { inbox, member } = of.keys;
  const device = seedSigner(seedOf(`second ${n}`));
  const m = await issueMember(nodeEngine, by.keys.party, member, inbox.publicKey);
  const x = scalarKey(seedOf(`second ${n} x`)).publicKey;
  const d = await issueDevice(nodeEngine, member, device, x);
  return { d, m } as unknown as { [key: string]: Json };
}

/**
 * Mallory came to red and is in the room. Blue's lead has a device that knows nothing of it, and
 * certifies the same key on the old place, in front of red's record or behind it.
 */
async function twice(isBefore: boolean) {
  const sim = await roomOf(['alice@red', 'bob@blue', 'carol@green']);
  const [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
  const unused = await further(bob, 'bob2@blue');
  await sync(alice, bob, carol, unused);
  const place = unused.mission.heads[0] as Op;
  const mallory = await admitted(alice, 'mallory@red');
  const first = all(alice.mission).find(
    ({ envelope }) => envelope.k === 'admit' && envelope.d === alice.keys.dfp,
  ) as Commit;
  let second: Commit | undefined;
  for (let n = 0; second === undefined; n++) {
    const old = await asOf(unused, unused.mission, place);
    const made = await old.device.write(old.replica, 'admit', await admission(mallory, bob, n));
    const comes = made.envelope.l - first.envelope.l || (made.sid < first.sid ? -1 : 1);
    if (comes < 0 === isBefore) second = made;
  }
  await sync(alice, bob, carol);
  await alice.add(sim.room, mallory.keys.mfp);
  await mallory.pull(alice);
  await mallory.write(sim.of(mallory), 'join', {});
  await sync(alice, bob, carol, mallory);
  return { alice, bob, carol, first, mallory, second, sim };
}

function whatIsKnown(room: RoomReplica, who: SimDevice) {
  const { mission, state } = room.view();
  return {
    tree: room.swarm.tree(room.view()).object.oid,
    mission: room.mission?.swarm.tree(room.mission.view()).object.oid,
    person: state.people.get(who.keys.mfp),
    status: statusOf(state, mission, who.keys.mfp),
    isEffective: isMemberEffective(mission, who.keys.mfp),
  };
}

for (const isBefore of [true, false]) {
  const where = isBefore ? 'before' : 'after';

  test(`B3: one key certified by two parties at once is of neither, the second ${where} the first`, async () => {
    const { alice, bob, mallory, second, sim } = await twice(isBefore);
    expect(isMemberEffective(alice.mission.view().state, mallory.keys.mfp)).toBe(true);
    expect(await verdict(alice.mission, second)).toBe('ok');
    const { state } = alice.mission.view();
    expect(isMemberEffective(state, mallory.keys.mfp)).toBe(false);
    expect(isDeviceEffective(state, mallory.keys.dfp)).toBe(false);
    expect(leadsOf(state, alice.keys.pfp)).toEqual([alice.keys.mfp]);
    const late = await forge(mallory, alice.mission, { k: 'leave' });
    await bob.mission.admit([second]);
    expect(await verdict(bob.mission, late)).toBe('R17');
    // What was written under a key of theirs is written under a new one.
    await alice.say(sim.room, 'among us');
    await mallory.pull(alice);
    expect(await mallory.read(sim.room)).not.toContain('among us');
  });

  test(`B3, L10: warm and cold replicas agree, whichever came first, the second ${where} the first`, async () => {
    const { alice, first, mallory, second, sim } = await twice(isBefore);
    const warm = sim.of(alice);
    const old = warm.view();
    expect(old.state.people.get(mallory.keys.mfp)?.party).toBe(alice.keys.pfp);
    const before = all(alice.mission);
    const room = all(warm);
    await alice.mission.admit([second]);
    const known = [whatIsKnown(warm, mallory)];
    for (const order of [
      [...before, second],
      [...before.filter(({ sid }) => sid !== first.sid), second, first, ...before],
    ]) {
      const mission = missionReplica(nodeEngine, sim.cid);
      await mission.admit(order);
      await mission.admit(order);
      const cold = roomReplica(nodeEngine, mission, sim.room);
      await cold.admit(room);
      expect(mission.has(second.sid)).toBe(true);
      expect(cold.size).toBe(room.length);
      known.push(whatIsKnown(cold, mallory));
    }
    for (const one of known) expect(one).toEqual(known[0]);
    expect(known[0]).toMatchObject({ isEffective: false, status: 'left' });
    expect(known[0]?.person?.party).toBe((isBefore ? sim.device('bob@blue') : alice).keys.pfp);
  });
}

test('B3, R24: who knows a person of one party cannot certify that key for another', async () => {
  const { alice, bob, mallory } = await twice(false);
  const x = await admission(mallory, bob, 99);
  expect(await verdict(alice.mission, await forge(bob, bob.mission, { k: 'admit', x }))).toBe(
    'R24',
  );
});
