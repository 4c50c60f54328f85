import { beforeAll, describe, expect, test } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import { sealProfile } from '#protocol/crypto/profile-seal.ts';
import { directory, file, type Node } from '#protocol/pack/node.ts';
import type { Op } from '#protocol/state/op.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict, type Forgery } from '../../../support/swarm-simulator/forge.ts';
import { admitted, further } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

type People = [SimDevice, SimDevice, SimDevice];

const names = ['alice@red', 'bob@blue', 'carol@green'];
const treeOf = (sim: SimRoom, by: SimDevice): Node => sim.of(by).swarm.tree(sim.of(by).view());

/** What a forged commit says if its tree is to be this one. */
const withTree = ({ object, th }: Node): Pick<Forgery, 'draft' | 'lie'> => ({
  draft: { tree: object.oid },
  lie: { th: toB64u(th) },
});

describe('heads of a partition', () => {
  let sim: SimRoom;
  let people: People;
  let heads: readonly Op[];

  beforeAll(async () => {
    sim = await roomOf(names);
    people = sim.people as People;
    const [alice, bob, carol] = people;
    await alice.say(sim.room, 'on this side');
    await bob.say(sim.room, 'on that side');
    await carol.pull(alice);
    await carol.pull(bob);
    ({ heads } = sim.of(carol));
  });

  test('S31: the next message has both heads as parents, and nobody writes a merge (§9.5)', async () => {
    const [, , carol] = people;
    expect(heads).toHaveLength(2);
    const said = await carol.say(sim.room, 'I heard both');
    expect(said.envelope.ps.toSorted()).toEqual(heads.map(({ sid }) => sid).sort());
    expect(sim.of(carol).heads.map(({ sid }) => sid)).toEqual([said.sid]);
    const kinds = sim
      .of(carol)
      .order()
      .shown.map(({ envelope }) => envelope.k);
    expect(kinds).not.toContain('merge');
  });

  test('S43: two who write in turn see one order, each message after the one it answers (§9.4)', async () => {
    const [alice, bob] = people;
    await sync(...people);
    const said: string[] = [];
    for (let i = 0; i < 6; i++) {
      const [who, other] = i % 2 === 0 ? [alice, bob] : [bob, alice];
      const { sid } = await who.say(sim.room, `turn ${i}`);
      said.push(sid);
      await other.pull(who);
    }
    for (const by of [alice, bob]) {
      const order = sim
        .of(by)
        .order()
        .shown.map(({ sid }) => sid);
      expect(order.slice(-6)).toEqual(said);
    }
  });

  test('S38: nine parents are no form of a commit; who has nine heads merges before writing on (R8, L4, L7)', async () => {
    const crowd = await roomOf(['alice@red', 'bob@blue']);
    const [first, second] = crowd.people as [SimDevice, SimDevice];
    const room = crowd.of(first);
    const devices: SimDevice[] = [first, second];
    for (let i = 1; i < 8; i++) devices.push(await further(first, `alice${i}@red`));
    // Of the nine keys each device uses its own: not all of them fit into one past.
    for (const one of devices) await one.rotate(crowd.room);
    for (const one of devices) await first.pull(one);
    expect(room.heads).toHaveLength(9);
    expect(room.isScattered(first.keys.dfp)).toBe(true);
    await expect(forge(first, room, { k: 'leave' })).rejects.toThrow(/^R[258]/);
    const own = room.newest(first.keys.dfp)?.sid;
    const said = await first.say(crowd.room, 'to all nine of them');
    expect(said.envelope.ps).toHaveLength(2);
    const merge = said.envelope.ps.map((sid) => room.op(sid) as Op);
    expect(merge.find(({ envelope }) => envelope.k === 'merge')?.envelope.ps).toContain(own);
    expect(room.heads.map(({ sid }) => sid)).toEqual([said.sid]);
    expect((await second.take(crowd.room, [...room.commits()])).no).toEqual([]);
  });
});

describe('merges', () => {
  let sim: SimRoom;
  let people: People;

  beforeAll(async () => {
    sim = await roomOf(names);
    people = sim.people as People;
  });

  test('S36: nested merges in any shape have one tree (§9.5, C4)', async () => {
    const [alice, bob, carol] = people;
    const guests = [
      await admitted(alice, 'gina@red'),
      await admitted(bob, 'hugo@blue'),
      await admitted(carol, 'ines@green'),
    ];
    await sync(...people);
    for (const [i, one] of people.entries()) {
      await one.add(sim.room, (guests[i] as SimDevice).keys.mfp);
    }
    const [a, b, c] = people.map((one) => sim.of(one).heads[0]?.sid) as [string, string, string];
    await sync(...people);
    const on = (by: SimDevice, parents: readonly string[]) => {
      const { swarm } = sim.of(by);
      const ops = parents.map((sid) => sim.of(by).op(sid) as Op);
      return swarm.tree(swarm.viewOf(ops, sim.of(by).missionHeads()));
    };
    const whole = on(alice, [a, b, c]);
    expect(on(bob, [c, a, b]).th).toEqual(whole.th);
    // (ab)c by one, a(bc) by another: both have the tree of abc.
    for (const [by, first, last] of [
      [alice, [a, b], c],
      [bob, [b, c], a],
    ] as const) {
      const inner = on(by, first);
      expect(inner.th).not.toEqual(whole.th);
      const parents = first.map((sid) => sim.of(by).op(sid) as Op);
      const half = await forge(by, sim.of(by), { k: 'merge', parents, ...withTree(inner) });
      expect(await verdict(sim.of(by), half)).toBe('ok');
      expect(on(by, [half.sid, last]).th).toEqual(whole.th);
    }
    await sync(...people);
  });

  test('S34: a merge with the tree of the side that has no ban is refused (R12)', async () => {
    const room = await roomOf([...names, 'denys@red']);
    const [alice, bob, carol, denys] = room.people as [...People, SimDevice];
    const ban = { a: 'ban', c: 'member', u: denys.keys.mfp };
    const votes = [await vote(bob, room.of(bob), ban)];
    await sync(bob, carol);
    votes.push(await vote(carol, room.of(carol), ban));
    await resolve(carol, room.of(carol), ban, votes);
    await alice.say(room.room, 'unaware');
    const stale = treeOf(room, alice);
    await alice.pull(carol);
    const lie = await forge(alice, room.of(alice), { k: 'merge', ...withTree(stale) });
    expect(await verdict(room.of(alice), lie)).toBe('R12');
    const honest = await forge(alice, room.of(alice), { k: 'merge' });
    expect(await verdict(room.of(alice), honest)).toBe('ok');
  });

  test('S35, S76: neither a merge nor a message changes the profile on the way (R12)', async () => {
    const [alice, bob, carol] = people;
    await sync(...people);
    const e = sim.of(alice).view().state.newest[0] as string;
    const epochKey = alice.ring(sim.room).key(e) as Uint8Array;
    const sealing = { epochKey, deviceSecret: new Uint8Array(32) };
    const blobOf = (text: string) => file(sealProfile(nodeEngine, sealing, text));
    const [mine, yours, third] = ['Bridge', 'Dam', 'River'].map(blobOf) as [Node, Node, Node];
    const set = (who: SimDevice, blob: Node) =>
      who.write(sim.of(who), 'profile', { h: toB64u(blob.th) }, { profile: { blob, e } });
    await set(alice, mine);
    await set(bob, yours);
    await sync(alice, bob, carol);
    const honest = treeOf(sim, carol);
    const bent = directory(
      new Map([...honest.children.map(({ name, node }) => [name, node] as const), ['profile.sealed', third]]), // prettier-ignore
    );
    const merge = await forge(carol, sim.of(carol), { k: 'merge', ...withTree(bent) });
    expect(await verdict(sim.of(bob), merge)).toBe('R12');
    const said = await alice.say(sim.room, 'a message whose bytes the edit borrows');
    const edit = {
      k: 'msg',
      sealed: { body: said.sealed as Uint8Array, e, pc: said.envelope.pc as string },
    };
    const bending = await forge(carol, sim.of(carol), { ...edit, ...withTree(bent) });
    expect(await verdict(sim.of(bob), bending)).toBe('R12');
    const upright = await forge(carol, sim.of(carol), edit);
    expect(await verdict(sim.of(bob), upright)).toBe('ok');
  });
});

test('S41: a side branch that claims to be of 1990 is checked commit by commit like any other', async () => {
  const sim = await roomOf(names);
  const [alice, bob, carol] = sim.people as People;
  const { e, pc } = (await alice.say(sim.room, 'now')).envelope as { e: string; pc: string };
  const { sealed } = sim.of(alice).commit(sim.of(alice).heads[0]?.sid as string) ?? {};
  const long = 631_152_000;
  const message = { k: 'msg', sealed: { body: sealed as Uint8Array, e, pc } };
  await sync(alice, bob, carol);
  await bob.say(sim.room, 'the present');
  const old = await forge(alice, sim.of(alice), { ...message, draft: { seconds: long } });
  await sim.of(alice).admit([old]);
  const bad = await forge(alice, sim.of(alice), {
    ...message,
    draft: { seconds: long, tree: '0'.repeat(40) },
  });
  const above = await alice.sign({
    tree: bad.tree,
    parents: [bad.oid],
    seconds: long,
    class: 'c',
    envelope: {
      ...bad.envelope,
      l: bad.envelope.l + 1,
      ps: [bad.sid],
      q: bad.envelope.q + 1,
      pq: bad.sid,
    },
    sealed: sealed as Uint8Array,
  });
  const answer = await sim.of(bob).admit([above, bad, old]);
  expect(answer.ok).toEqual([old.sid]);
  expect(new Map(answer.no)).toEqual(
    new Map([
      [bad.sid, 'R12'],
      [above.sid, 'R8'],
    ]),
  );
  const joined = await bob.say(sim.room, 'both are before me');
  expect(joined.envelope.ps).toContain(old.sid);
});

test('S44: a branch that comes late with low heights stands at its causal place, and changes no other order', async () => {
  const sim = await roomOf(names);
  const [alice, bob, carol] = sim.people as People;
  const late = await carol.say(sim.room, 'written before all of you');
  for (let i = 0; i < 5; i++) await alice.say(sim.room, `one of five ${i}`);
  await bob.pull(alice);
  const shown = () =>
    sim
      .of(bob)
      .order()
      .shown.map(({ sid }) => sid);
  const before = shown();
  await bob.pull(carol);
  const after = shown();
  expect(after.filter((sid) => sid !== late.sid)).toEqual(before);
  expect(after.indexOf(late.sid)).toBeLessThan(after.length - 4);
  const joined = await bob.say(sim.room, 'after both');
  expect(shown().at(-1)).toBe(joined.sid);
});
