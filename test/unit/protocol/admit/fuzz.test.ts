import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { parseCommit, payloadOf, serialize } from '#protocol/codec/commit.ts';
import type { Commit, Envelope } from '#protocol/codec/commit-form.ts';
import { all, sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';
import { spoiled } from '../../../support/spoiled.ts';

let sim: SimRoom;
let alice: SimDevice;
let commits: { mission: Commit[]; room: Commit[] };

beforeAll(async () => {
  sim = await roomOf(['alice@red', 'bob@blue', 'carol@green', 'dora@red']);
  [alice] = sim.people as [SimDevice];
  const motion = { a: 'ban', c: 'member', u: sim.people[2]?.keys.mfp as string };
  const votes = [];
  for (const voter of sim.people.slice(0, 2)) {
    votes.push(await vote(voter, sim.of(voter), motion));
    await sync(...sim.people.slice(0, 2));
  }
  await resolve(alice, sim.of(alice), motion, votes);
  await alice.say(sim.room, 'one of each kind');
  commits = { mission: all(alice.mission), room: all(sim.of(alice)) };
});

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.nat(),
    fc.string(),
    fc.constantFrom(
      'member',
      'swarm',
      'ban',
      'for',
      'a'.repeat(52),
      'A'.repeat(86),
      'a'.repeat(32),
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('a', 'c', 'd', 'e', 'h', 'm', 'p', 't', 'u', 'x', 'all', 'votes'),
      tie('value'),
    ),
  ),
})).value;

test('whatever a member signs, the answer is a verdict and never an exception', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.nat(),
      fc.array(fc.nat({ max: 20 }), { maxLength: 4 }),
      json,
      async (isMission, which, path, by) => {
        const list = isMission ? commits.mission : commits.room;
        const commit = list[which % list.length] as Commit;
        const envelope = spoiled(commit.envelope, path, by) as Envelope;
        const raw = await signed(commit, envelope);
        if (raw === undefined) return;
        const replica = isMission ? alice.mission : sim.of(alice);
        const before = replica.size;
        const { no, ok, parked } = await replica.admit([raw]);
        expect([...no, ...ok, ...parked].length).toBeLessThan(2);
        expect(replica.size - before).toBeLessThan(2);
      },
    ),
    { numRuns: 400, seed: 5, endOnFailure: true },
  );
});

test('bytes that are no commit are refused, and remembered as nothing', async () => {
  const raw = commits.room[3]?.raw as Uint8Array;
  for (let cut = 0; cut < raw.length; cut += 7) {
    const { no, ok } = await sim.of(alice).admit([raw.slice(0, cut)]);
    expect([no.length, ok.length]).toEqual([1, 0]);
  }
});

/** The spoiled commit under a signature that verifies; undefined if it cannot be written at all. */
async function signed(commit: Commit, envelope: Envelope): Promise<Uint8Array | undefined> {
  try {
    const { class: cls, parents, sealed, seconds, tree } = commit;
    const d = alice.keys.dfp;
    const draft = {
      class: cls,
      envelope: { ...envelope, d },
      parents,
      seconds,
      tree,
      ...(sealed && { sealed }),
    };
    const signature = await alice.keys.device.sign('git', payloadOf(draft));
    const raw = serialize(draft, alice.keys.device.publicKey, signature);
    return parseCommit(raw).ok ? raw : undefined;
  } catch {
    return undefined;
  }
}
