import { beforeAll, describe, expect, test } from 'vitest';
import { statusOf } from '#protocol/state/child-state.ts';
import type { Op } from '#protocol/state/op.ts';
import { unlifted } from '#protocol/state/removal.ts';
import { seeded } from '../../../support/seeded.ts';
import type { SimDevice } from '../../../support/swarm-simulator/device.ts';
import {
  groundOf,
  mayWrite,
  meet,
  randomGroup,
  wasOverrun,
  type Ground,
  type Group,
} from '../../../support/swarm-simulator/minority.ts';

/** Groups for each ground; `PARLEY_GROUPS=3000` runs as many as the protocol was mended after. */
const asked = process.env['PARLEY_GROUPS'];
const groups = Number(asked ?? 6);
const steps = 30;

/** A busy machine does fewer groups, but always some; not if a number was asked for. */
const enoughMs = 4_000;
const least = 2;

const grounds: [string, readonly string[], readonly string[], object][] = [
  ['one of three founders is', ['a@pa', 'b@pb'], ['c@pc'], { unit: 'party' }],
  ['one of three founders and a member are', ['a@pa', 'b@pb', 'd@pa'], ['c@pc', 'e@pb'], { unit: 'member' }], // prettier-ignore
  ['two of five founders are', ['a@pa', 'b@pb', 'c@pc'], ['d@pd', 'e@pe'], { unit: 'party' }],
];

const viewOf = (of: SimDevice, room: string) => of.room(room).view();

/** The honest who are inside write once each, knowing everything; what they wrote. */
async function answers(group: Group): Promise<[SimDevice, Op][]> {
  const written: [SimDevice, Op][] = [];
  for (const one of group.honest) {
    if (!mayWrite(one, group.room)) continue;
    const said = await one.say(group.room, 'knowing everything');
    written.push([one, one.room(group.room).op(said.sid) as Op]);
  }
  return written;
}

async function check(group: Group): Promise<void> {
  expect(group.refused, 'honest clients that were refused').toEqual([]);
  const written = await answers(group);
  const forgotten = written.flatMap(([one, op]) => forgottenBy(one, op, group.room));
  expect(forgotten, 'removals that everybody knows and a past has not').toEqual([]);
  await meet(group);
  const untaken = written.filter(
    ([, { sid }]) => !group.honest.every((one) => one.room(group.room).has(sid)),
  );
  expect(untaken, 'commits of the honest that others do not take').toEqual([]);
  expect(isTakenOver(group), 'only the dishonest lead').toBe(false);
}

/** Removals of the state that somebody sees, and that are not in the past of what they wrote. */
function forgottenBy(one: SimDevice, op: Op, room: string): string[] {
  const replica = one.room(room);
  const { mission, state } = replica.before(op);
  const { removals } = viewOf(one, room).state;
  return [...removals.keys()].filter((key) => {
    const open = unlifted(removals, key);
    const isKnown = open.every(({ by }) => replica.saw(op, replica.op(by) as Op));
    const [cls, whom] = key.split(' ') as [string, string];
    if (cls !== 'member' || open.length === 0) return !isKnown;
    return !isKnown || !['banned', 'left'].includes(statusOf(state, mission, whom) ?? '');
  });
}

function isTakenOver(group: Group): boolean {
  const [first] = group.honest as [SimDevice];
  const { mission, state } = viewOf(first, group.room);
  const admins = [...state.people.keys()].filter(
    (one) => statusOf(state, mission, one) === 'admin',
  );
  const liars = new Set(group.dishonest.map(({ keys }) => keys.mfp));
  const isTaken = admins.length > 0 && admins.every((admin) => liars.has(admin));
  return isTaken && !state.isFrozen && !wasOverrun(group);
}

describe.each(grounds)('a group of which %s dishonest', (_, honest, dishonest, more) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await groundOf(honest, dishonest, more);
  });

  test('keeps its removals, its honest people, and its say, whatever they do (X1–X9)', async () => {
    const began = performance.now();
    for (let seed = 1; seed <= groups; seed++) {
      const isLate = seed > least && performance.now() - began > enoughMs;
      if (isLate && asked === undefined) break;
      await check(await randomGroup(ground, seeded(seed), steps)).catch((error: unknown) => {
        throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      });
    }
  }, 3_600_000);
});
