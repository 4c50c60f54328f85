import { beforeEach, describe, expect, test } from 'vitest';
import { statusOf } from '#protocol/state/child-state.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { subject, unlifted } from '#protocol/state/removal.ts';
import { all, sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { admitted, further, mission } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

const about = (a: string, whom: SimDevice) => ({ a, c: 'member', u: whom.keys.mfp });

let sim: SimRoom;
let alice: SimDevice;
let bob: SimDevice;
let carol: SimDevice;
let dora: SimDevice;

const status = (by: SimDevice, whom: SimDevice) => {
  const { mission, state } = sim.of(by).view();
  return statusOf(state, mission, whom.keys.mfp);
};

/** All voters know each other's ballots; the last one writes the resolution. */
async function decide(voters: readonly SimDevice[], motion: { a: string; c: string; u: string }) {
  const ballots = [];
  for (const voter of voters) {
    ballots.push(await vote(voter, sim.of(voter), motion));
    await sync(...voters);
  }
  const last = voters.at(-1) as SimDevice;
  return resolve(last, sim.of(last), motion, ballots);
}

describe('a room that one person leads', () => {
  beforeEach(async () => {
    sim = await roomOf(['alice@red', 'bob@blue', 'carol@green'], { unit: 'member' }, 1);
    [alice, bob, carol] = sim.people as [SimDevice, SimDevice, SimDevice];
  });

  test('S55: a sole admin bans by two control commits, and the key changes', async () => {
    const before = sim.of(alice).view().state.newest;
    await decide([alice], about('ban', bob));
    await alice.say(sim.room, 'without Bob');
    await sync(alice, carol);
    expect(status(carol, bob)).toBe('banned');
    expect(sim.of(carol).view().state.newest).not.toEqual(before);
    expect(await carol.read(sim.room)).toContain('without Bob');
  });

  test('S56, S57: nobody admits or shows what the banned writes, and he opens nothing new', async () => {
    await decide([alice], about('ban', bob));
    await sync(alice, bob, carol);
    await expect(bob.say(sim.room, 'I stay')).rejects.toThrow(/R17|K4/);
    const late = await forge(bob, sim.of(bob), { k: 'leave' });
    expect(await verdict(sim.of(carol), late)).toBe('R17');
    await alice.say(sim.room, 'among us');
    await bob.take(sim.room, all(sim.of(alice)));
    expect(await bob.read(sim.room)).not.toContain('among us');
  });

  test('S63, S89, C6: an invitation ends with a ban, also with one that the join did not know of', async () => {
    const denys = await admitted(bob, 'denys@blue');
    await sync(alice, bob, carol, denys);
    await alice.add(sim.room, denys.keys.mfp);
    await sync(alice, bob, carol, denys);
    await denys.write(sim.of(denys), 'join', {});
    await decide([alice], about('ban', denys));
    await sync(alice, bob, carol, denys);
    for (const by of [alice, bob, carol, denys]) expect(status(by, denys)).toBe('banned');
    await bob.say(sim.room, 'the others go on');
    await sync(bob, carol);
    expect(await carol.read(sim.room)).toContain('the others go on');
  });

  test('S67: the ban of one device leaves the person and the other devices', async () => {
    const tablet = await further(bob, 'tablet@blue');
    await sync(alice, bob, carol, tablet);
    await tablet.pull(alice);
    await decide([alice], { a: 'ban', c: 'device', u: tablet.keys.dfp });
    await sync(alice, bob, carol, tablet);
    expect(status(carol, bob)).toBe('member');
    await bob.say(sim.room, 'from the phone');
    await expect(tablet.write(sim.of(tablet), 'leave')).rejects.toThrow('R17');
  });

  test('S68: with a member all devices go, none of them listed as banned itself', async () => {
    await decide([alice], about('ban', bob));
    await sync(alice, bob, carol);
    const { removals } = sim.of(carol).view().state;
    expect(unlifted(removals, subject('member', bob.keys.mfp))).not.toEqual([]);
    expect(unlifted(removals, subject('device', bob.keys.dfp))).toEqual([]);
  });

  test('S79: a promoted admin counts from commits that know of it', async () => {
    await decide([alice], about('promote', bob));
    expect(status(alice, bob)).toBe('admin');
    await expect(vote(bob, sim.of(bob), about('ban', carol))).rejects.toThrow('R25');
    await sync(alice, bob, carol);
    const one = await vote(bob, sim.of(bob), about('ban', carol));
    await expect(resolve(bob, sim.of(bob), about('ban', carol), [one])).rejects.toThrow('R26');
  });

  test('S88: two who add one person make one invitation, and one join suffices', async () => {
    await decide([alice], about('promote', bob));
    const denys = await admitted(carol, 'denys@green');
    await sync(alice, bob, carol, denys);
    await alice.add(sim.room, denys.keys.mfp);
    await bob.add(sim.room, denys.keys.mfp);
    await sync(alice, bob, carol, denys);
    expect(status(carol, denys)).toBe('invited');
    await denys.write(sim.of(denys), 'join', {});
    await sync(alice, bob, carol, denys);
    expect(status(carol, denys)).toBe('member');
    await expect(denys.write(sim.of(denys), 'join', {})).rejects.toThrow('R22');
  });

  test('S91: promoted by one and banned by the other at once, somebody is banned', async () => {
    await decide([alice], about('promote', carol));
    await sync(alice, bob, carol);
    const ban = [await vote(alice, sim.of(alice), about('ban', bob))];
    await sync(alice, carol);
    ban.push(await vote(carol, sim.of(carol), about('ban', bob)));
    await sync(alice, carol);
    const rise = [await vote(alice, sim.of(alice), about('promote', bob))];
    await carol.pull(alice);
    await resolve(alice, sim.of(alice), about('ban', bob), ban);
    rise.push(await vote(carol, sim.of(carol), about('promote', bob)));
    await resolve(carol, sim.of(carol), about('promote', bob), rise);
    await sync(alice, bob, carol);
    for (const by of [alice, bob, carol]) expect(status(by, bob)).toBe('banned');
  });
});

describe('a room of three who lead', () => {
  beforeEach(async () => {
    sim = await roomOf(
      ['alice@red', 'bob@blue', 'carol@green', 'dora@grey'],
      { unit: 'member' },
      3,
    );
    [alice, bob, carol, dora] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
  });

  test('S62, S64: two of three ban, the target counted; unbanned, somebody is invited again', async () => {
    await decide([alice, bob], about('ban', carol));
    await sync(alice, bob, carol, dora);
    expect(status(dora, carol)).toBe('banned');
    await decide([alice, bob], about('unban', carol));
    await sync(alice, bob, carol, dora);
    expect(status(dora, carol)).toBe('invited');
    await carol.write(sim.of(carol), 'join', {});
    await sync(alice, bob, carol, dora);
    expect(status(dora, carol)).toBe('admin');
  });

  test('S82: a ban and an unban at once leave somebody banned (C4)', async () => {
    await decide([alice, bob], about('ban', dora));
    await sync(alice, bob, carol, dora);
    // Bob and Carol ban Dora anew from where the ban was lifted; Alice lifts it from another place.
    const lifted = about('unban', dora);
    const ballots = [await vote(alice, sim.of(alice), lifted)];
    await sync(alice, bob);
    ballots.push(await vote(bob, sim.of(bob), lifted));
    await sync(alice, bob, carol);
    await resolve(alice, sim.of(alice), lifted, ballots);
    await carol.pull(alice);
    await decide([carol, alice], about('ban', dora));
    // Bob has not heard of any of this and lifts the first ban as well.
    await resolve(bob, sim.of(bob), lifted, ballots);
    await sync(alice, bob, carol, dora);
    for (const by of [alice, bob, carol]) expect(status(by, dora)).toBe('banned');
  });

  test('S86: a second resolution of one ban does not bring back a late message (C3)', async () => {
    const ballots = [];
    for (const voter of [alice, bob]) {
      ballots.push(await vote(voter, sim.of(voter), about('ban', dora)));
      await sync(alice, bob, carol, dora);
    }
    await resolve(alice, sim.of(alice), about('ban', dora), ballots);
    const late = await dora.say(sim.room, 'late and banned');
    await carol.pull(dora);
    // Carol has not seen the resolution; hers is the second one, with the late message in its past.
    await resolve(carol, sim.of(carol), about('ban', dora), ballots);
    await sync(alice, bob, carol, dora);
    for (const by of [alice, bob, carol]) {
      expect(
        sim
          .of(by)
          .order()
          .hidden.map(({ op }) => op.sid),
      ).toContain(late.sid);
    }
  });

  test('S92, C8: two equal resolutions at once are one decision', async () => {
    const ballots = [];
    for (const voter of [alice, bob]) {
      ballots.push(await vote(voter, sim.of(voter), about('ban', dora)));
      await sync(alice, bob, carol, dora);
    }
    await resolve(alice, sim.of(alice), about('ban', dora), ballots);
    await resolve(bob, sim.of(bob), about('ban', dora), ballots);
    await sync(alice, bob, carol);
    expect(status(carol, dora)).toBe('banned');
    await alice.say(sim.room, 'on we go');
    await sync(alice, bob, carol);
    expect(await carol.read(sim.room)).toContain('on we go');
  });
});

describe('a room that votes by party', () => {
  const close = (room: string) => ({ a: 'close', c: 'swarm', u: room });

  test('S10: founders that have not joined are units; the creator alone carries nothing (R27)', async () => {
    const founded = await mission('alice@red', 'bob@blue', 'carol@green');
    const people = ['alice@red', 'bob@blue', 'carol@green'].map((name) => founded.device(name));
    const [first] = people as [SimDevice];
    const room = await first.begin(people.map(({ keys }) => keys.mfp));
    const ballot = await vote(first, room, close(room.cid as string));
    await expect(resolve(first, room, close(room.cid as string), [ballot])).rejects.toThrow('R26');
  });

  test('S78, S80: a party has one vote, given when more than half of its admins gave it', async () => {
    sim = await roomOf(['alice@red', 'bob@blue', 'carol@green', 'dora@red']);
    [alice, bob, carol, dora] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
    await decide([bob, carol], about('promote', dora));
    await sync(alice, bob, carol, dora);
    expect(status(bob, dora)).toBe('admin');
    const [first, blue] = [alice, bob].map((voter) =>
      vote(voter, sim.of(voter), close(sim.room)),
    ) as [Promise<Commit>, Promise<Commit>];
    const ballots = [await first, await blue];
    await sync(alice, bob, carol, dora);
    // One of Red's two admins, and Blue: one unit of three.
    await expect(resolve(bob, sim.of(bob), close(sim.room), ballots)).rejects.toThrow('R26');
    const second = await vote(dora, sim.of(dora), close(sim.room));
    await sync(alice, bob, carol, dora);
    // Both of Red's, without Blue: still one of three.
    const ofRed = [ballots[0] as Commit, second];
    await expect(resolve(alice, sim.of(alice), close(sim.room), ofRed)).rejects.toThrow('R26');
    await resolve(alice, sim.of(alice), close(sim.room), [...ballots, second]);
    await sync(alice, bob, carol, dora);
    await expect(bob.say(sim.room, 'after the end')).rejects.toThrow('R15');
  });
});
