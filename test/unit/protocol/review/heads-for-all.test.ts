import { expect, test } from 'vitest';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { sealMessage } from '#protocol/crypto/message-seal.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { verdict } from '../../../support/swarm-simulator/forge.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';

/** So many messages that a modified client writes in one place, each a head of its own. */
async function branches(sim: SimRoom, of: SimDevice, count: number): Promise<Commit[]> {
  const room = sim.of(of);
  const e = room.view().state.newest[0] as string;
  const place = { cid: sim.room, d: of.keys.dfp, ...room.next(of.keys.dfp) };
  const sealing = {
    epochKey: of.ring(sim.room).key(e) as Uint8Array,
    deviceSecret: new Uint8Array(32),
  };
  const made: Commit[] = [];
  for (let n = 0; n < count; n++) {
    const message = { t: 'text/plain', b: { body: `${n}` }, m: 1_800_000_000_000 };
    const { body, pc } = sealMessage(of.engine, sealing, place, message);
    const proposal = { k: 'msg', d: of.keys.dfp, seconds: 1_800_000_000, sealed: { body, e, pc } };
    const draft = await room.propose(proposal);
    if (!draft.ok) throw new Error(draft.rule);
    made.push(await of.sign(draft.value));
  }
  return made;
}

test('X10, L8, L9: a party that fills all heads keeps itself from writing, and nobody else', async () => {
  const sim = await roomOf(['alice@red', 'mallory@blue', 'carol@green', 'eve@blue']);
  const [alice, mallory, carol, eve] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
  await sync(...sim.people);
  const room = sim.of(alice);
  await room.load(await branches(sim, mallory, 64));
  expect(room.heads).toHaveLength(64);
  const [green, blue] = [await carol.say(sim.room, 'green'), await eve.say(sim.room, 'blue')];
  expect(await verdict(room, blue)).toBe('L8');
  expect(await verdict(room, green)).toBe('ok');
  // Nothing is condemned: as soon as there is room the same commit is taken.
  for (let n = 0; n < 8; n++) await alice.say(sim.room, `joins ${n}`);
  expect(room.heads.length).toBeLessThan(64);
  expect(await verdict(room, blue)).toBe('ok');
});

test('L8: of its share of heads a party gives four to a member, so that the others of it can write', async () => {
  const sim = await roomOf(['alice@red', 'mallory@blue', 'gina@green', 'carol@green']);
  const [alice, mallory, gina, carol] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
  await sync(...sim.people);
  const room = sim.of(alice);
  const [fifth, ...four] = await branches(sim, gina, 5);
  await room.load([...(await branches(sim, mallory, 60)), ...four]);
  expect(room.heads).toHaveLength(64);
  expect(await verdict(room, fifth as Commit)).toBe('L8');
  expect(await verdict(room, await carol.say(sim.room, 'of the same party'))).toBe('ok');
});
