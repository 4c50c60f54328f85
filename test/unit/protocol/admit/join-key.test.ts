import { expect, test } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { statusOf } from '#protocol/state/child-state.ts';
import { joinMessage } from '#protocol/state/kinds/child-join.ts';
import { seedOf } from '../../../support/people.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { admitted, further, nothing64 } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

const joinKey = seedSigner(seedOf('the join key'));

async function cast() {
  const jpk = toB64u(joinKey.publicKey);
  const sim = await roomOf(['a@pa', 'b@pb', 'c@pc'], { mode: 3, jpk });
  const [a, b, c] = sim.people as [SimDevice, SimDevice, SimDevice];
  const stranger = await admitted(a, 's@pa');
  await sync(a, b, c, stranger);
  return { sim, a, b, c, stranger };
}

async function pass(sim: SimRoom, of: SimDevice, cid = sim.room) {
  return { s: toB64u(await joinKey.sign('swarm-cert-v1', joinMessage(cid, of.keys.mfp))) };
}

function status(sim: SimRoom, seenBy: SimDevice, whom: SimDevice) {
  const { mission, state } = sim.of(seenBy).view();
  return statusOf(state, mission, whom.keys.mfp);
}

test('S9, R22: in mode 3 whoever has the join key comes in, and gets the keys from the others', async () => {
  const { a, b, sim, stranger } = await cast();
  await stranger.write(stranger.room(sim.room), 'join', await pass(sim, stranger));
  await sync(a, b, stranger);
  expect(status(sim, b, stranger)).toBe('member');
  await b.shareKeys(sim.room);
  await stranger.pull(b);
  await stranger.say(sim.room, 'hello from the door');
  await b.pull(stranger);
  expect(await b.read(sim.room)).toContain('hello from the door');
});

test('S9, R22: without the signature for this person and conversation nobody comes in', async () => {
  const { a, sim, stranger } = await cast();
  const room = stranger.room(sim.room);
  const attempt = (x: object) => stranger.write(room, 'join', x as { s: string });
  await expect(attempt({})).rejects.toThrow('R22');
  await expect(attempt({ s: nothing64 })).rejects.toThrow(/R22/);
  await expect(attempt(await pass(sim, a))).rejects.toThrow('R22');
  await expect(attempt(await pass(sim, stranger, sim.cid))).rejects.toThrow('R22');
});

test('R20: a join key belongs to mode 3, and to no other', async () => {
  const { a } = await cast();
  const jpk = toB64u(joinKey.publicKey);
  await expect(a.begin([a.keys.mfp], { mode: 3 })).rejects.toThrow('R20');
  await expect(a.begin([a.keys.mfp], { mode: 1, jpk })).rejects.toThrow('R20');
  const plain = await roomOf(['a@pa', 'b@pb']);
  const [host] = plain.people as [SimDevice];
  const other = await admitted(host, 't@pa');
  await other.pull(host);
  await expect(other.write(other.room(plain.room), 'join', await pass(plain, other))).rejects.toThrow('R22'); // prettier-ignore
});

test('R22: who left comes back by the key; who was banned does not', async () => {
  const { a, b, c, sim, stranger } = await cast();
  const room = stranger.room(sim.room);
  await stranger.write(room, 'join', await pass(sim, stranger));
  await stranger.write(room, 'leave');
  await sync(a, b, c, stranger);
  expect(status(sim, a, stranger)).toBe('left');
  await stranger.write(room, 'join', await pass(sim, stranger));
  await sync(a, b, c, stranger);
  expect(status(sim, a, stranger)).toBe('member');
  const ban = { a: 'ban', c: 'member', u: stranger.keys.mfp };
  const votes = [await vote(b, sim.of(b), ban), await vote(c, sim.of(c), ban)];
  await sync(b, c);
  await resolve(b, sim.of(b), ban, votes);
  await sync(a, b, c, stranger);
  await expect(stranger.write(room, 'join', await pass(sim, stranger))).rejects.toThrow('R22');
});

test('C6: a ban beside a join by the key wins', async () => {
  const { a, b, c, sim, stranger } = await cast();
  const room = stranger.room(sim.room);
  await stranger.write(room, 'join', await pass(sim, stranger));
  await sync(a, b, c, stranger);
  await stranger.write(room, 'leave');
  await sync(a, b, c, stranger);
  const ban = { a: 'ban', c: 'member', u: stranger.keys.mfp };
  const votes = [await vote(b, sim.of(b), ban), await vote(c, sim.of(c), ban)];
  await sync(b, c);
  await resolve(b, sim.of(b), ban, votes);
  await stranger.write(room, 'join', await pass(sim, stranger));
  await sync(a, b, c);
  for (const one of [a, b, c]) {
    await one.take(sim.room, [...sim.of(stranger).commits()]);
    expect(status(sim, one, stranger)).toBe('banned');
  }
});

test('R14: who left on one device comes back from another that had gone on writing', async () => {
  const { a, sim } = await cast();
  const a2 = await further(a, 'a2@pa');
  await sync(...sim.people, a2);
  await a.shareKeys(sim.room);
  await a2.pull(a);
  await a2.say(sim.room, 'still here');
  await a.write(sim.of(a), 'leave');
  await a2.pull(a);
  await a2.write(a2.room(sim.room), 'join', await pass(sim, a2));
  await sync(...sim.people, a2);
  expect(status(sim, sim.people[1] as SimDevice, a)).toBe('admin');
});
