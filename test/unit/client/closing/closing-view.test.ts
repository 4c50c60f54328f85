import { beforeAll, describe, expect, it } from 'vitest';
import { closingView, type ClosingParts } from '#client/closing/closing-view.ts';
import type { EndNews } from '#client/closing/end-door.ts';
import { ruleId } from '#protocol/mission/rule-change.ts';
import { EndDevice } from '../../../support/client/end-device.ts';
import { PaperBox } from '../../../support/paper-box.ts';
import { seededEngine } from '../../../support/protocol-ports.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { close, finalOf, recordNamed } from '../../../support/swarm-simulator/end.ts';
import { mission } from '../../../support/swarm-simulator/mission.ts';
import { decide } from '../../../support/swarm-simulator/vote.ts';

const offer = { ...recordNamed(1), s: '', size: 1 };
const news: EndNews = { step: 'ready', offer, waited: 0, waits: [] };
let here: EndDevice;

/** Two of three parties go on without the third, under a charter that they changed. */
beforeAll(async () => {
  const names = ['alice@red', 'bob@blue', 'dora@green'];
  const sim = await mission(...names);
  const people = names.map((name) => sim.device(name));
  const [alice, bob] = people as [SimDevice, SimDevice];
  const rule = { wait: 2 };
  await decide(people, { a: 'rule', c: 'swarm', u: ruleId(rule), rule });
  await close(sim.cid, people);
  for (const one of [alice, bob]) await one.write(one.mission, 'final', finalOf(one));
  await sync(alice, bob);
  const dora = (people[2] as SimDevice).keys.pfp;
  for (const one of [alice, bob]) await one.write(one.mission, 'elapsed', { p: dora });
  await sync(alice, bob);
  here = new EndDevice(alice, new PaperBox(seededEngine('box')).signer.publicKey);
}, 30_000);

function shown(change: Partial<EndNews> = {}, hasOffer = true) {
  const { certificate, voice } = here;
  const copy = { offer: hasOffer ? offer : undefined, view: () => undefined };
  const parts = {
    ...{ certificate, copy, voice, news: { ...news, ...change }, unsentFiles: 0 },
    sync: { unsent: 0, missing: () => [] },
    receipts: { state: 'none', canSign: false },
    waiting: { secondsLeft: 0 },
  };
  return closingView(parts as unknown as ClosingParts);
}

describe('what is shown of the end', () => {
  it('is the waiting time that the parties voted for, not that of the founding', () => {
    const late = { slot: 2, secondsLeft: 7200 };
    expect(shown().missing).toMatchObject([{ slot: 0 }, { slot: 1 }, late]);
    expect(shown({ waited: 7000 }).missing[2]?.secondsLeft).toBe(200);
    expect(shown({ waited: 7200 }).missing.map(({ slot }) => slot)).toEqual([0, 1]);
    expect(shown()).toMatchObject({ units: [0, 1, 2], excused: [2] });
  });

  it('is no building before the box has waited for those who are away, too', () => {
    const late = { slot: 2, secondsLeft: 7200 };
    expect(shown({ step: 'sync' }, false)).toMatchObject({ step: 'sync', missing: [late] });
    expect(shown({ step: 'sync', waited: 7200 }, false)).toMatchObject({
      ...{ step: 'building', missing: [] },
    });
  });

  it('does not change because the box calls itself wiped', () => {
    expect(shown({ step: 'wiped' }).step).toBe('record');
    expect(shown({ step: 'wiped' }, false).step).toBe('sync');
    expect(shown({ step: 'wiped' }).certificate).toBeUndefined();
  });
});
