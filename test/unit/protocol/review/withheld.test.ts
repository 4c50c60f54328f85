import { expect, test } from 'vitest';
import type { Json } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { H32 } from '#protocol/codec/hash.ts';
import { Register, type Held } from '#protocol/admit/register.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { issueDevice } from '#protocol/identity/issue.ts';
import { foundingHash } from '#protocol/mission/founding.ts';
import { Graph } from '#protocol/state/graph.ts';
import type { Op } from '#protocol/state/op.ts';
import { seedOf } from '../../../support/people.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { asOf } from '../../../support/swarm-simulator/fork.ts';
import { verdict } from '../../../support/swarm-simulator/forge.ts';
import { mission } from '../../../support/swarm-simulator/mission.ts';
import { roomOf } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

test('V12: a branch of 70 commits by a device that forked keeps no honest commit above it out', async () => {
  const sim = await roomOf(['alice@red', 'mallory@blue', 'carol@green']);
  const [alice, mallory, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
  const at = sim.of(mallory).newest(mallory.keys.dfp) as Op;
  const fork = await asOf(mallory, sim.of(mallory), at);
  const branch: Commit[] = [];
  for (let i = 0; i < 70; i++) branch.push(await mallory.say(sim.room, `message ${i}`));
  const other = await fork.device.say(sim.room, 'on another branch');
  await alice.take(sim.room, branch);
  const answer = await alice.say(sim.room, 'an honest answer');
  // Carol hears of the other branch first.
  await carol.take(sim.room, [other]);
  await carol.take(sim.room, branch);
  expect((await carol.take(sim.room, [answer])).ok).toContain(answer.sid);
  expect(sim.of(carol).order().shown).toHaveLength(sim.of(alice).size + 1);
});

test('V12: the pair that proves a contradiction is admitted even if its author was banned', async () => {
  const sim = await roomOf(['alice@red', 'mallory@blue', 'carol@green']);
  const [alice, mallory, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
  const at = sim.of(mallory).newest(mallory.keys.dfp) as Op;
  const fork = await asOf(mallory, sim.of(mallory), at);
  await mallory.say(sim.room, 'one');
  await sync(alice, mallory, carol);
  const motion = { a: 'ban', c: 'member', u: mallory.keys.mfp };
  const votes = [await vote(alice, sim.of(alice), motion)];
  await sync(alice, carol);
  votes.push(await vote(carol, sim.of(carol), motion));
  await sync(alice, carol);
  await resolve(alice, sim.of(alice), motion, votes);
  const other = await fork.device.say(sim.room, 'two');
  expect(await verdict(sim.of(alice), other)).toBe('ok');
  const third = await fork.device.say(sim.room, 'three');
  expect(await verdict(sim.of(alice), third)).toBe('V12');
});

test('I1: a withheld chain of 30 000 that somebody builds on is freed in order, without a deep stack', () => {
  const register = new Register(new Graph());
  const held = (op: Op) => ({ op }) as Held;
  let last: Op | undefined;
  for (let i = 0; i < 30_000; i++) {
    const op = { sid: `${i}`, parents: last ? [last] : [] } as unknown as Op;
    register.withhold(held(op));
    last = op;
  }
  const top = { sid: 'top', parents: [last] } as unknown as Op;
  const freed = register.admit(held(top));
  expect(freed).toHaveLength(30_001);
  expect(freed[0]?.op.sid).toBe('0');
  expect(register.heads).toEqual([top]);
});

test('F4: the genesis key, whose secret everybody can compute, never becomes a device', async () => {
  const sim = await mission('alice@red', 'bob@blue');
  const bob = sim.device('bob@blue');
  const { genesis } = bob.mission.view().state;
  const common = seedSigner(H32('gkey', foundingHash(genesis)));
  const { publicKey } = scalarKey(seedOf('any'));
  const d = await issueDevice(bob.engine, bob.keys.member, common, publicKey);
  const x = { d } as unknown as { [key: string]: Json };
  await expect(bob.write(bob.mission, 'devadd', x)).rejects.toThrow('K10');
});
