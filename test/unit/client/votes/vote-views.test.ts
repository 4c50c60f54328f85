import { describe, expect, it } from 'vitest';
import { neededOf } from '#client/votes/count.ts';
import { voteViews } from '#client/votes/vote-views.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { close } from '../../../support/swarm-simulator/end.ts';
import { mission } from '../../../support/swarm-simulator/mission.ts';
import { decide, vote } from '../../../support/swarm-simulator/vote.ts';

const names = ['alice@red', 'bob@blue', 'cleo@green'];

async function three() {
  const sim = await mission(...names);
  const people = names.map((name) => sim.device(name)) as [SimDevice, SimDevice, SimDevice];
  const seenBy = ({ keys, mission: replica }: SimDevice) => voteViews(replica, keys.mfp);
  return { sim, people, seenBy };
}

describe('the yes votes that decide (V10)', () => {
  it.each([
    ['majority', 2, false, 2],
    ['majority', 5, false, 3],
    ['two-thirds', 4, false, 3],
    ['two-thirds', 3, true, 2],
    ['all', 3, false, 3],
    ['all', 3, true, 2],
  ] as const)('%s of %i, the target among them: %s, are %i', (threshold, units, target, needed) => {
    expect(neededOf(threshold, units, target)).toBe(needed);
  });

  it.each(['majority', 'two-thirds', 'all'] as const)(
    'are more than there are when one of two is to go, at %s',
    (threshold) => {
      expect(neededOf(threshold, 2, true)).toBeGreaterThan(1);
    },
  );
});

describe('a question', () => {
  it('about a person leaves the own party out of those who vote', async () => {
    const { people, seenBy } = await three();
    const [alice, bob, cleo] = people;
    await vote(alice, alice.mission, { a: 'ban', c: 'member', u: cleo.keys.mfp });
    await sync(...people);
    const [red] = seenBy(alice);
    const about = { kind: 'remove-member', person: cleo.keys.mfp };
    expect(red).toMatchObject({ about, units: [0, 1], yes: [0], mine: 'yes', canVote: true });
    expect(seenBy(cleo)[0]).toMatchObject({ canVote: false, state: 'open', needed: 2 });
    expect(seenBy(bob)[0]).toMatchObject({ id: red?.id, canVote: true });
  });

  it('cannot pass once too many said no, and is open again when one thinks better of it', async () => {
    const { people, seenBy } = await three();
    const [alice, bob] = people;
    const motion = { a: 'ban', c: 'party', u: people[2].keys.pfp };
    await vote(alice, alice.mission, motion);
    await vote(bob, bob.mission, motion, 'against');
    await sync(...people);
    expect(seenBy(alice)[0]).toMatchObject({
      about: { kind: 'remove-party', slot: 2 },
      ...{ yes: [0], no: [1], state: 'cannot-pass' },
    });
    await vote(bob, bob.mission, motion);
    await sync(...people);
    expect(seenBy(bob)[0]).toMatchObject({ yes: [0, 1], no: [], state: 'open', mine: 'yes' });
  });

  it('that nobody supports any more is gone', async () => {
    const { people, seenBy } = await three();
    const [alice] = people;
    const motion = { a: 'ban', c: 'party', u: people[2].keys.pfp };
    await vote(alice, alice.mission, motion);
    await vote(alice, alice.mission, motion, 'withdraw');
    expect(seenBy(alice)).toEqual([]);
  });

  it('that passed stays as it was decided, also when a party is gone by then', async () => {
    const { people, seenBy } = await three();
    const [alice, bob, cleo] = people;
    await decide([alice, bob], { a: 'ban', c: 'party', u: cleo.keys.pfp });
    expect(seenBy(alice)[0]).toMatchObject({
      about: { kind: 'remove-party', slot: 2 },
      ...{ state: 'passed', yes: [0, 1], units: [0, 1], needed: 2 },
      canVote: false,
    });
  });

  it('of a closed mission is answered no more, the newest shown first', async () => {
    const { people, seenBy, sim } = await three();
    const [alice, , cleo] = people;
    await vote(alice, alice.mission, { a: 'ban', c: 'member', u: cleo.keys.mfp });
    await sync(...people);
    await close(sim.cid, people);
    const [first, second] = seenBy(people[1]);
    expect(first).toMatchObject({ about: { kind: 'close' }, state: 'passed', yes: [0, 1, 2] });
    expect(second).toMatchObject({ about: { kind: 'remove-member' }, canVote: false });
  });
});
