import { expect, test } from 'vitest';
import { readAnnouncement, writeAnnouncement } from '#protocol/sync/announcement.ts';
import { outgoing } from '#protocol/sync/outgoing.ts';
import { all, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { roomOf } from '../../../support/swarm-simulator/room.ts';

test('what the other side lacks goes parents first, in pages that each get further', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue']);
  const [alice, bob] = sim.people as [SimDevice, SimDevice];
  for (const text of ['one', 'two', 'three']) await alice.say(sim.room, text);
  const room = alice.room(sim.room);
  const have = bob.room(sim.room).heads.map(({ oid }) => oid);
  const limits = { commits: 2, bytes: 1_000_000 };
  const page = outgoing(room, have, limits);
  expect(page).toMatchObject({ hasMore: true });
  expect((await bob.take(sim.room, page.commits)).ok).toHaveLength(2);
  const rest = outgoing(
    room,
    bob.room(sim.room).heads.map(({ oid }) => oid),
    limits,
  );
  expect((await bob.take(sim.room, rest.commits)).ok).toHaveLength(1);
  expect(await bob.read(sim.room)).toEqual(['one', 'two', 'three']);
  expect(
    outgoing(
      room,
      room.heads.map(({ oid }) => oid),
      limits,
    ).commits,
  ).toEqual([]);
  const everything = outgoing(room, ['0'.repeat(40)], { commits: 512, bytes: 1 });
  expect(everything.commits).toHaveLength(1);
  expect(all(room)).toHaveLength(room.size);
});

test('an announcement is read back, and nothing else is taken for one', () => {
  const said = { n: 3, o: 'a'.repeat(40), q: 2, s: Buffer.alloc(64).toString('base64url') };
  expect(readAnnouncement(writeAnnouncement(said))).toEqual({ ok: true, value: said });
  for (const bad of [
    '{}',
    '[]',
    'x',
    writeAnnouncement(said).replace('"q":2', '"q":-1'),
    ' '.repeat(600),
  ]) {
    expect(readAnnouncement(bad).ok).toBe(false);
  }
});
