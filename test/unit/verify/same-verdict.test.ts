import { expect, test } from 'vitest';
import { bothPrograms, caseOf } from '../../support/both-programs.ts';
import { seeded } from '../../support/seeded.ts';
import { sync, type SimDevice } from '../../support/swarm-simulator/device.ts';
import {
  agreementTo,
  closed,
  finalOf,
  receiptFor,
  recordNamed,
} from '../../support/swarm-simulator/end.ts';
import { randomHistory } from '../../support/swarm-simulator/history.ts';
import { groundOf, randomGroup } from '../../support/swarm-simulator/minority.ts';
import { randomMission } from '../../support/swarm-simulator/mission-history.ts';

/** The verifier and the library say the same: what is valid, every tree, every hidden commit. */
async function expectOneOpinion(devices: readonly SimDevice[]): Promise<void> {
  const [library, verifier] = await bothPrograms(caseOf(...devices));
  expect(verifier).toEqual(library);
  expect(library['mission']?.held.length).toBeGreaterThan(4);
}

test.each([
  [4, 50],
  [9, 50],
  [26, 50],
  [27, 60],
])('of conversation %i, with bans, departures and lies', async (seed, length) => {
  const random = seeded(seed);
  const { people } = await randomHistory(random, length, random() < 0.5);
  await expectOneOpinion(people);
});

test('of a conversation in which a device that forked is banned from the mission (M6)', async () => {
  await expectOneOpinion((await randomHistory(seeded(27), 60, true)).people);
});

test.each([
  [8, 50],
  [11, 50],
  [107, 60],
])('of mission %i, with decisions of every kind', async (seed, length) => {
  const { people } = await randomMission(seeded(seed), length, true);
  await expectOneOpinion(people);
});

test('of groups with a dishonest minority', async () => {
  const ground = await groundOf(['a@pa', 'b@pb', 'c@pc'], ['x@px']);
  for (const seed of [1, 2, 3]) {
    const { dishonest, honest } = await randomGroup(ground, seeded(seed), 40);
    await expectOneOpinion([...honest, ...dishonest]);
  }
});

test('of a mission that was closed and whose parties have their record', async () => {
  const end = await closed('alice@red', 'bob@blue');
  const { people } = end;
  for (const one of people) await one.write(one.mission, 'final', finalOf(one));
  await sync(...people);
  const record = recordNamed(1);
  for (const one of people) {
    await one.write(one.mission, 'agree', await agreementTo(end, one, record));
  }
  await sync(...people);
  const [first, second] = people as [SimDevice, SimDevice];
  await first.write(first.mission, 'receipt', await receiptFor(end, first, record));
  await second.write(second.mission, 'dispute', { why: 'differs' });
  await sync(...people);
  await expectOneOpinion(people);
});
