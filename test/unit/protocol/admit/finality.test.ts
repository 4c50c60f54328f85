import { expect, test } from 'vitest';
import { statusOf } from '#protocol/state/child-state.ts';
import { roomReplica, missionReplica } from '#protocol/admit/replica.ts';
import type { Op } from '#protocol/state/op.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { all, sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { verdict } from '../../../support/swarm-simulator/forge.ts';
import { asOf } from '../../../support/swarm-simulator/fork.ts';
import { mission } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

const promote = (whom: SimDevice) => ({ a: 'promote', c: 'member', u: whom.keys.mfp });
const ban = (whom: SimDevice) => ({ a: 'ban', c: 'member', u: whom.keys.mfp });

function status(sim: SimRoom, seenBy: SimDevice, whom: SimDevice) {
  const { mission: above, state } = sim.of(seenBy).view();
  return statusOf(state, above, whom.keys.mfp);
}

/** A room that x alone founded, in which x made y an admin; `old` is x from before that. */
async function ledByOne() {
  const sim = await roomOf(['x@px', 'y@py', 'z@pz'], { unit: 'member' }, 1);
  const [x, y, z] = sim.people as [SimDevice, SimDevice, SimDevice];
  const last = await x.say(sim.room, 'all are here');
  const old = await asOf(x, sim.of(x), sim.of(x).op(last.sid) as Op);
  const ballot = await vote(x, sim.of(x), promote(y));
  const decision = await resolve(x, sim.of(x), promote(y), [ballot]);
  await sync(x, y, z);
  return { sim, x, y, z, old, decision };
}

test('§9.7: a decision is final once more than half of the electorate after it wrote above it', async () => {
  const { decision, sim, x, y } = await ledByOne();
  expect(sim.of(y).isFinal(decision.sid)).toBe(false);
  await x.say(sim.room, 'above it');
  await y.pull(x);
  expect(sim.of(y).isFinal(decision.sid)).toBe(false);
  await y.say(sim.room, 'I, too');
  expect(sim.of(y).isFinal(decision.sid)).toBe(true);
  expect(sim.of(x).isFinal(decision.sid)).toBe(false);
});

test('S94: what would undo a final decision is not admitted (ERR_FINALITY), nor what stands on it, and is kept as evidence', async () => {
  const { old, sim, x, y, z } = await ledByOne();
  await y.say(sim.room, 'thank you');
  await x.say(sim.room, 'welcome');
  await sync(x, y, z);
  const lie = await vote(old.device, old.replica, promote(z));
  expect(await verdict(sim.of(y), lie)).toBe('ERR_FINALITY');
  expect(sim.of(y).has(lie.sid)).toBe(false);
  expect(sim.of(y).evidence(x.keys.dfp, lie.envelope.q)).toHaveLength(2);
  expect(status(sim, y, y)).toBe('admin');
  const above = await resolve(old.device, old.replica, promote(z), [lie]);
  expect(await verdict(sim.of(y), above)).toBe('ERR_FINALITY');
  await y.say(sim.room, 'going on');
});

test('ERR_FINALITY: what stands on it is refused, too, by whomever', async () => {
  const { old, sim, x, y, z } = await ledByOne();
  await y.say(sim.room, 'thank you');
  await x.say(sim.room, 'welcome');
  await y.pull(x);
  const lie = await vote(old.device, old.replica, promote(z));
  await z.take(sim.room, [lie]);
  const unaware = await z.say(sim.room, 'I see both');
  expect(await verdict(sim.of(y), lie)).toBe('ERR_FINALITY');
  expect(await verdict(sim.of(y), unaware)).toBe('ERR_FINALITY');
  expect(status(sim, y, y)).toBe('admin');
});

test('a newcomer that holds nothing final resolves the same set as ever, without the decision', async () => {
  const { old, sim, x, y, z } = await ledByOne();
  await y.say(sim.room, 'thank you');
  await x.say(sim.room, 'welcome');
  await y.pull(x);
  const lie = await vote(old.device, old.replica, promote(z));
  const newcomer = missionReplica(nodeEngine);
  await newcomer.admit(all(y.mission));
  const room = roomReplica(nodeEngine, newcomer, sim.room);
  await room.admit([lie, ...all(sim.of(y))]);
  const view = room.view();
  expect(statusOf(view.state, view.mission, y.keys.mfp)).toBe('member');
});

test('a contradiction that undoes nothing final is admitted as evidence (V12)', async () => {
  const sim = await roomOf(['a@pa', 'b@pb', 'c@pc', 'd@pc']);
  const [a, b, c, d] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
  const before = sim.of(b).newest(b.keys.dfp) as Op;
  const old = await asOf(b, sim.of(b), before);
  const votes = [await vote(a, sim.of(a), ban(d)), await vote(b, sim.of(b), ban(d))];
  await sync(a, b, c);
  const decision = await resolve(a, sim.of(a), ban(d), votes);
  await sync(a, b, c);
  for (const one of [a, b, c]) await one.say(sim.room, one.name);
  await sync(a, b, c);
  expect(sim.of(c).isFinal(decision.sid)).toBe(true);
  const lie = await old.device.say(sim.room, 'I never voted');
  expect(await verdict(sim.of(c), lie)).toBe('ok');
  expect(status(sim, c, d)).toBe('banned');
});

test('of the mission, too, a close that is final cannot be undone by those who voted for it', async () => {
  const sim = await mission('a@pa', 'b@pb');
  const [a, b] = ['a@pa', 'b@pb'].map((name) => sim.device(name)) as [SimDevice, SimDevice];
  const close = { a: 'close', c: 'swarm', u: sim.cid };
  await sync(a, b);
  for (const one of [a, b]) await vote(one, one.mission, close, 'against');
  const old = await Promise.all(
    [a, b].map((one) => asOf(one, one.mission, one.mission.newest(one.keys.dfp) as Op)),
  );
  const votes = [await vote(a, a.mission, close), await vote(b, b.mission, close)];
  await sync(a, b);
  const decision = await resolve(a, a.mission, close, votes);
  await sync(a, b);
  for (const one of [a, b]) await one.write(one.mission, 'final', { q: [] });
  await sync(a, b);
  expect(b.mission.isFinal(decision.sid)).toBe(true);
  const lies = [];
  for (const { device, replica } of old) lies.push(await vote(device, replica, close, 'withdraw'));
  const answers = await Promise.all(lies.map((lie) => verdict(b.mission, lie)));
  expect(answers.toSorted()).toEqual(['ERR_FINALITY', 'ok']);
  expect(b.mission.view().state.closed).toHaveLength(1);
});
