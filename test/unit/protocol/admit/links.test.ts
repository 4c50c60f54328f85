import { beforeAll, expect, test } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import { serialize } from '#protocol/codec/commit.ts';
import type { SimDevice } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { nothing64 } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';

let sim: SimRoom;
let alice: SimDevice;
let bob: SimDevice;
let sealed: { body: Uint8Array; e: string; pc: string };

beforeAll(async () => {
  sim = await roomOf(['alice@red', 'bob@blue']);
  [alice, bob] = sim.people as [SimDevice, SimDevice];
  const honest = await alice.say(sim.room, 'before');
  await bob.pull(alice);
  sealed = {
    body: honest.sealed as Uint8Array,
    e: honest.envelope.e as string,
    pc: honest.envelope.pc as string,
  };
});

const msg = (lie = {}, draft = {}) => forge(alice, sim.of(alice), { k: 'msg', sealed, lie, draft });

test('a forged message that tells no lie is admitted, so the refusals below are about the lie', async () => {
  const sim2 = await roomOf(['ann@red', 'ben@blue']);
  const [ann, ben] = sim2.people as [SimDevice, SimDevice];
  const honest = await ann.say(sim2.room, 'x');
  await ben.pull(ann);
  const { e, pc } = honest.envelope as { e: string; pc: string };
  const body = honest.sealed as Uint8Array;
  const commit = await forge(ann, sim2.of(ann), { k: 'msg', sealed: { body, e, pc } });
  expect(await verdict(sim2.of(ben), commit)).toBe('ok');
});

test('S21: one flipped bit in the signature is refused (R4)', async () => {
  const { envelope, parents, seconds, signature, tree, class: cls, sealed: body } = await msg();
  const bytes = signature.bytes.slice();
  bytes[0] = (bytes[0] as number) ^ 1;
  const draft = { envelope, parents, seconds, tree, class: cls, ...(body && { sealed: body }) };
  expect(await verdict(sim.of(bob), serialize(draft, signature.key, bytes))).toBe('R4');
});

test('S25: a commit that names another device than the signing key is refused (R18)', async () => {
  const stolen = await msg();
  const { envelope, parents, seconds, signature, tree } = stolen;
  const draft = {
    envelope: { ...envelope, d: bob.keys.dfp },
    ...{ parents, seconds, tree, class: 'c' as const, sealed: sealed.body },
  };
  const raw = serialize(draft, signature.key, signature.bytes);
  expect(await verdict(sim.of(bob), raw)).toBe('R18');
});

test('S23: a commit copied into another conversation is refused (R7)', async () => {
  expect(await verdict(sim.of(bob), await msg({ cid: sim.cid }))).toBe('R7');
});

test('S40: a wrong height is refused, too high or too low (R10)', async () => {
  const { l } = (await msg()).envelope;
  expect(await verdict(sim.of(bob), await msg({ l: l + 1 }))).toBe('R10');
  expect(await verdict(sim.of(bob), await msg({ l: l - 1 }))).toBe('R10');
});

test('S22: a parent under another identity is refused (R11)', async () => {
  expect(await verdict(sim.of(bob), await msg({ ps: [nothing64] }))).toBe('R11');
});

test('S39: a commit that skips or repeats its own sequence is refused (R9)', async () => {
  const { pq, q } = (await msg()).envelope as { q: number; pq: string };
  expect(await verdict(sim.of(bob), await msg({ q: q + 1 }))).toBe('R9');
  expect(await verdict(sim.of(bob), await msg({ q: q - 1 }))).toBe('R9');
  const other = sim.of(bob).heads[0]?.parents[0]?.sid as string;
  expect(other).not.toBe(pq);
  expect(await verdict(sim.of(bob), await msg({ pq: other }))).toBe('R9');
});

test('S37: a parent together with what it stands on is refused (R8)', async () => {
  const [head] = sim.of(alice).heads;
  const parents = [head, head?.parents[0]].flatMap((op) => op ?? []);
  const commit = await forge(alice, sim.of(alice), { k: 'msg', sealed, parents });
  expect(await verdict(sim.of(bob), commit)).toBe('R8');
});

test('S33, S75: a tree with one entry more, or by another hash, is refused (R12)', async () => {
  expect(await verdict(sim.of(bob), await msg({}, { tree: '0'.repeat(40) }))).toBe('R12');
  const th = toB64u(new Uint8Array(64).fill(7));
  expect(await verdict(sim.of(bob), await msg({ th }))).toBe('R12');
});

test('S29: an unknown control kind is refused (R5)', async () => {
  const commit = await forge(alice, sim.of(alice), { k: 'coup', x: {} });
  expect(await verdict(sim.of(bob), commit)).toBe('R5');
});

test('S11: a second genesis is refused (R7)', async () => {
  const other = await alice.begin([alice.keys.mfp, bob.keys.mfp]);
  const genesis = other.commit(other.heads[0]?.sid as string);
  expect(await verdict(sim.of(bob), genesis as never)).toBe('R7');
});

test('S20, S132: what stands on a refused commit is refused, other branches go on (R8)', async () => {
  const bad = await msg({}, { tree: '0'.repeat(40) });
  expect(await verdict(sim.of(bob), bad)).toBe('R12');
  const above = await alice.sign({
    tree: bad.tree,
    parents: [bad.oid],
    seconds: 1_800_000_000,
    class: 'c',
    envelope: {
      ...bad.envelope,
      l: bad.envelope.l + 1,
      ps: [bad.sid],
      q: bad.envelope.q + 1,
      pq: bad.sid,
    },
    sealed: sealed.body,
  });
  expect(await verdict(sim.of(bob), above)).toBe('R8');
  expect((await sim.of(bob).admit([bad])).no).toEqual([[bad.sid, 'R12']]);
  const good = await alice.say(sim.room, 'going on');
  expect(await verdict(sim.of(bob), good)).toBe('ok');
});

test('a commit whose parent is unknown waits, and the parent is asked for', async () => {
  const first = await alice.say(sim.room, 'one');
  const second = await alice.say(sim.room, 'two');
  const answer = await sim.of(bob).admit([second]);
  expect(answer).toMatchObject({ ok: [], no: [], missing: { parents: [first.oid] } });
  expect((await sim.of(bob).admit([second, first])).ok).toEqual([first.sid, second.sid]);
});
