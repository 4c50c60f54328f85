import { expect, test } from 'vitest';
import type { Json } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { Parking } from '#protocol/admit/parking.ts';
import { issueTicket } from '#protocol/identity/ticket.ts';
import type { Node } from '#protocol/pack/node.ts';
import { withdrawMessage } from '#protocol/state/kinds/withdraw.ts';
import { seedOf } from '../../../support/people.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { roomOf } from '../../../support/swarm-simulator/room.ts';
import { basisOf, resolve, vote } from '../../../support/swarm-simulator/vote.ts';

async function withdrawn(lead: SimDevice): Promise<void> {
  const { party, pfp } = lead.keys;
  const message = withdrawMessage(lead.mission.cid as string, pfp);
  const s = toB64u(await party.sign('swarm-cert-v1', message));
  await lead.write(lead.mission, 'withdraw', { s });
}

test('V7b: the only party left in a mission decides nothing but its end', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue', 'carol@green']);
  const [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
  const motion = { a: 'ban', c: 'party', u: carol.keys.pfp };
  const votes = [await vote(alice, alice.mission, motion)];
  await sync(alice, bob);
  votes.push(await vote(bob, bob.mission, motion));
  await sync(alice, bob);
  await resolve(alice, alice.mission, motion, votes);
  await sync(alice, bob);
  await withdrawn(bob);
  await alice.pull(bob);
  const back = { ...motion, a: 'unban' };
  const ballot = await vote(alice, alice.mission, back);
  expect(basisOf(alice.mission, back)).toHaveLength(1);
  await expect(resolve(alice, alice.mission, back, [ballot])).rejects.toThrow('V7');
  const close = { a: 'close', c: 'swarm', u: sim.cid };
  const end = await vote(alice, alice.mission, close);
  await resolve(alice, alice.mission, close, [end]);
  expect(alice.mission.view().state.closed).toHaveLength(1);
});

test('L11: what waits for the mission is bounded in bytes, not only in number', () => {
  const parking = new Parking();
  const raw = new Uint8Array(262_144);
  for (let i = 0; i < 300; i++) {
    const commit = { raw, oid: `o${i}`, sid: `s${i}` } as unknown as Commit;
    parking.park({ commit, blob: undefined, pusher: '' });
  }
  expect(parking.isParked('o299')).toBe(true);
  expect(parking.isParked('o200')).toBe(false);
  expect(parking.takeAll()).toHaveLength(64);
});

test('L11: who pushes more than fits drives out own commits, never those of others', () => {
  const parking = new Parking();
  const park = (pusher: string, name: string, bytes: number) => {
    const commit = { raw: new Uint8Array(bytes), oid: name, sid: name } as unknown as Commit;
    parking.park({ commit, blob: undefined, pusher });
  };
  park('honest', 'a', 1000);
  for (let n = 0; n < 2000; n++) park('flood', `f${n}`, 10);
  expect(parking.isParked('a')).toBe(true);
  expect(parking.isParked('f0')).toBe(false);
  for (let n = 0; n < 100; n++) park('heavy', `h${n}`, 262_144);
  expect([parking.isParked('a'), parking.isParked('f1999')]).toEqual([true, true]);
  expect(parking.takeAll().length).toBeLessThanOrEqual(512);
  park('honest', 'a', 1000);
  expect(parking.takeAll()).toHaveLength(1);
});

test('L11: a pusher keeps the own share when what waits is tried again', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue']);
  const [alice, bob] = sim.people as [SimDevice, SimDevice];
  await bob.write(bob.mission, 'devadd', {
    pre: { id: toB64u(seedOf('id').slice(0, 8)), x: toB64u(scalarKey(seedOf('pre')).publicKey) },
  });
  const said = await bob.say(sim.room, 'waits for the mission');
  const room = sim.of(alice);
  expect((await room.admit([said], [], bob.keys.dfp)).parked).toEqual([said.sid]);
  expect((await room.retry()).parked).toEqual([said.sid]);
  await alice.mission.admit([...bob.mission.commits()]);
  expect((await room.retry()).ok).toEqual([said.sid]);
});

test('L1: a tree lists the newest epochs and the open invitations, so neither outgrows it', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue']);
  const [alice] = sim.people as [SimDevice];
  await alice.rotate(sim.room);
  await alice.rotate(sim.room);
  const room = sim.of(alice);
  const names = (root: Node, of: string) =>
    root.children.find(({ name }) => name === of)?.node.children.map(({ name }) => name);
  const tree = room.swarm.tree(room.view());
  expect(names(tree, 'epochs')).toEqual([`${room.view().state.newest[0]}.json`]);
  const secret = seedOf('an invitation');
  const terms = { cid: sim.cid, kind: 'person', uses: 1, rooms: [], delegating: false } as const;
  const t = await issueTicket(alice.engine, alice.keys.member, secret, {
    ...terms,
    party: alice.keys.pfp,
  });
  await alice.write(alice.mission, 'invite', { t } as unknown as { [key: string]: Json });
  const { swarm } = alice.mission;
  expect(names(swarm.tree(alice.mission.view()), 'tickets')).toHaveLength(1);
  await alice.write(alice.mission, 'revoke', { t: t.c.serial });
  expect(names(swarm.tree(alice.mission.view()), 'tickets')).toBeUndefined();
});
