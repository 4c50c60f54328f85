import { expect, test } from 'vitest';
import { sync } from '../../../support/swarm-simulator/device.ts';
import { mission } from '../../../support/swarm-simulator/mission.ts';

test('two parties found a mission, open a room and read each other; the box judges alike without keys', async () => {
  const sim = await mission('alice@red', 'bob@blue', 'carol@red');
  const [alice, bob, carol] = ['alice@red', 'bob@blue', 'carol@red'].map((name) =>
    sim.device(name),
  ) as [never, never, never] as any;
  const room = await alice.begin([alice.keys.mfp, bob.keys.mfp]);
  const cid = room.cid;
  await alice.rotate(cid);
  await alice.say(cid, 'hello');
  await alice.add(cid, carol.keys.mfp);
  await sync(alice, bob, carol);
  await bob.write(bob.room(cid), 'join', {});
  await carol.write(carol.room(cid), 'join', {});
  await sync(alice, bob, carol);
  await alice.shareKeys(cid);
  await sync(alice, bob, carol);
  await bob.say(cid, 'hi alice');
  await carol.say(cid, 'and me');
  await sync(alice, bob, carol);
  for (const one of [alice, bob, carol]) {
    expect((await one.read(cid)).toSorted()).toEqual(['and me', 'hello', 'hi alice']);
    expect(one.room(cid).order()).toHaveProperty('hidden', []);
  }
});
