import { expect, test } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { missionReplica } from '#protocol/admit/replica.ts';
import { boxKeys, contested, recordedBox } from '#protocol/state/mission-state.ts';
import type { Op } from '#protocol/state/op.ts';
import { seedOf } from '../../../support/people.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { all, sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { asOf } from '../../../support/swarm-simulator/fork.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { further, mission } from '../../../support/swarm-simulator/mission.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

const honest = toB64u(seedOf('the box on the table'));
const false1 = toB64u(seedOf('a box in the corridor'));

const box = (device: SimDevice, bk: string) => device.write(device.mission, 'box', { bk });
const recorded = (device: SimDevice) => recordedBox(device.mission.view().state);

async function leads() {
  const sim = await mission('alice@red', 'bob@blue', 'mallory@green');
  const [alice, bob, mallory] = ['alice@red', 'bob@blue', 'mallory@green'].map((name) =>
    sim.device(name),
  ) as [SimDevice, SimDevice, SimDevice];
  return { sim, alice, bob, mallory };
}

/** Alice records the box and everybody builds on it; a lead's unused device writes below it. */
async function takeover() {
  const { alice, bob, mallory, sim } = await leads();
  const unused = await further(mallory, 'mallory2@green');
  await sync(alice, bob, mallory, unused);
  const record = await box(alice, honest);
  await sync(alice, bob, mallory);
  await bob.write(bob.mission, 'devadd', { pre: preKey('bob') });
  await sync(alice, bob, mallory);
  let rogue: Commit | undefined;
  // As often as it takes for a record that comes before the honest one in display order.
  for (let n = 0; rogue === undefined; n++) {
    const old = await asOf(unused, unused.mission, unused.mission.heads[0] as Op);
    const made = await box(old.device, toB64u(seedOf(`rogue ${n}`)));
    if (made.envelope.l < record.envelope.l || made.sid < record.sid) rogue = made;
  }
  return { alice, bob, mallory, record, rogue, sim };
}

function preKey(of: string) {
  return { id: toB64u(seedOf(of).slice(0, 8)), x: toB64u(seedOf(`${of} pre`)) };
}

test('A1: a record on an old place, earlier in display order, does not replace the box, it contests it', async () => {
  const { alice, bob, rogue } = await takeover();
  expect(recorded(alice)).toBe(honest);
  for (const one of [alice, bob]) {
    expect(await verdict(one.mission, rogue)).toBe('ok');
    expect(recorded(one)).toBe(contested);
    const { bk } = rogue.envelope.x as { bk: string };
    expect(boxKeys(one.mission.view().state)).toEqual([honest, bk].sort());
  }
});

test('A1: two first records give one state and one tree in either order', async () => {
  const { alice, rogue } = await takeover();
  const past = all(alice.mission);
  const record = past.find(({ envelope }) => envelope.k === 'box') as Commit;
  const others = past.filter(({ envelope }) => envelope.k !== 'box');
  const trees: (string | undefined)[] = [];
  for (const order of [
    [...past, rogue],
    [rogue, ...past],
    [...others, rogue, record],
  ]) {
    const replica = missionReplica(nodeEngine);
    for (let round = 0; round < 3; round++) await replica.admit(order);
    expect(replica.has(rogue.sid) && replica.has(record.sid)).toBe(true);
    trees.push(replica.swarm.tree(replica.view()).object.oid);
    expect(recordedBox(replica.view().state)).toBe(contested);
  }
  expect(new Set(trees).size).toBe(1);
});

test('A1: concurrent first records of one key are one record', async () => {
  const { alice, bob } = await leads();
  await box(alice, honest);
  await box(bob, honest);
  await sync(alice, bob);
  for (const one of [alice, bob]) expect(recorded(one)).toBe(honest);
});

test('A1: who knows of a record, even a contested one, records nothing more', async () => {
  const { alice, bob, mallory } = await leads();
  await box(alice, honest);
  await bob.pull(alice);
  const second = await forge(bob, bob.mission, { k: 'box', x: { bk: false1 } });
  expect(await verdict(alice.mission, second)).toBe('A1');
  await box(mallory, false1);
  await sync(alice, bob, mallory);
  expect(recorded(alice)).toBe(contested);
  const third = await forge(alice, alice.mission, { k: 'box', x: { bk: honest } });
  expect(await verdict(bob.mission, third)).toBe('A1');
});

test('A1, C5: a false record falls with its author, if the ban did not know it', async () => {
  const { alice, bob, mallory } = await leads();
  await box(alice, honest);
  await sync(alice, bob);
  await box(mallory, false1);
  const motion = { a: 'ban', c: 'party', u: mallory.keys.pfp };
  const votes = [await vote(alice, alice.mission, motion)];
  await sync(alice, bob);
  votes.push(await vote(bob, bob.mission, motion));
  await resolve(bob, bob.mission, motion, votes);
  await sync(alice, bob, mallory);
  for (const one of [alice, bob]) expect(recorded(one)).toBe(honest);
});
