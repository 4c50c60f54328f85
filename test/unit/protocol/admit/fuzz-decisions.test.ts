import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Json } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { seeded } from '../../../support/seeded.ts';
import { all } from '../../../support/swarm-simulator/device.ts';
import {
  agreementTo,
  closed,
  finalOf,
  receiptFor,
  recordNamed,
} from '../../../support/swarm-simulator/end.ts';
import { forge } from '../../../support/swarm-simulator/forge.ts';
import {
  everythingOf,
  randomMission,
  type MissionHistory,
} from '../../../support/swarm-simulator/mission-history.ts';
import { spoiled } from '../../../support/spoiled.ts';

type Args = { [key: string]: Json };

/** Of every kind that the parties of a mission write, what honest people wrote. */
let samples: Commit[];
let open: MissionHistory;
let ended: Awaited<ReturnType<typeof closed>>;

beforeAll(async () => {
  open = await randomMission(seeded(3), 60);
  ended = await closed('a@pa', 'b@pb');
  const record = recordNamed(1);
  for (const one of ended.people) {
    await one.write(one.mission, 'final', finalOf(one));
    await one.write(one.mission, 'agree', await agreementTo(ended, one, record));
    await one.write(one.mission, 'dispute', { why: 'missing' });
    const other = ended.people.find((person) => person !== one);
    await other?.pull(one);
  }
  for (const one of ended.people) {
    await one.write(one.mission, 'elapsed', { p: one.keys.pfp });
    await one.write(one.mission, 'receipt', await receiptFor(ended, one, record));
  }
  const last = ended.people.flatMap((one) => all(one.mission));
  samples = [...everythingOf(open), ...last].filter(({ envelope }) => envelope.k !== 'genesis');
});

const json: fc.Arbitrary<unknown> = fc.oneof(
  fc.nat(),
  fc.constantFrom('reopen', 'rule', 'addparty', 'box', 'update', 'swarm', 'a'.repeat(52), 'A'.repeat(86)), // prettier-ignore
  fc.dictionary(fc.constantFrom('keep', 'lift', 'd', 'm', 'p', 's', 'c', 'wait'), fc.nat()),
  fc.array(fc.constant('A'.repeat(86)), { maxLength: 2 }),
);

test('whatever a lead says about votes, tickets and the end, the answer is a verdict and never an exception', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.nat(),
      fc.array(fc.nat({ max: 8 }), { minLength: 1, maxLength: 4 }),
      json,
      async (isEnded, which, path, by) => {
        const { envelope } = samples[which % samples.length] as Commit;
        const device = (isEnded ? ended.people[0] : open.people[1]) ?? open.people[0];
        if (device === undefined) return;
        const x = spoiled(envelope.x ?? {}, path, by) as Args;
        const commit = await forge(device, device.mission, { k: envelope.k, x }).catch(
          () => undefined,
        );
        if (commit === undefined) return;
        const { no, ok, parked } = await device.mission.admit([commit]);
        expect([...no, ...ok, ...parked].length).toBeLessThan(2);
      },
    ),
    { numRuns: 500, seed: 9, endOnFailure: true },
  );
});

test('the samples hold every kind of the mission that can be written by one alone', () => {
  const kinds = new Set(samples.map(({ envelope }) => envelope.k));
  for (const k of [
    'vote',
    'resolve',
    'final',
    'agree',
    'receipt',
    'elapsed',
    'dispute',
    'leads',
    'admit',
    'devadd',
    'box',
  ])
    // prettier-ignore
    expect([...kinds]).toContain(k);
});
