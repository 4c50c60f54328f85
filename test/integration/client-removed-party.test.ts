import { afterAll, beforeAll, expect, it } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import { foundTogether, type NodeClient } from '../support/node-client.ts';

let box: BoxProcess;
let red: NodeClient;
let blue: NodeClient;
let green: NodeClient;

beforeAll(async () => {
  box = await BoxProcess.start();
  const leads = ['Red', 'Blue', 'Green'].map((name) => [name, `${name}'s lead`] as const);
  const people = await foundTogether(await box.origin(), { leads });
  [red, blue, green] = people as [NodeClient, NodeClient, NodeClient];
}, 60_000);

afterAll(async () => {
  for (const one of [red, blue, green]) await one?.stop();
  await box.remove();
});

async function decided(about: 'remove-party' | 'close'): Promise<void> {
  const isAsked = ({ mission }: NodeClient) =>
    mission.votes.find((vote) => vote.about.kind === about);
  await red.client.proposeVote(about === 'close' ? { kind: about } : { kind: about, slot: 2 });
  await blue.sees('the question', isAsked);
  await blue.client.vote(isAsked(blue)?.id ?? '', 'yes');
  for (const one of [red, blue]) {
    await one.sees('that it passed', (seen) => isAsked(seen)?.state === 'passed');
  }
}

it('a party that was removed is not waited for, and still gets the record (T1)', async () => {
  await expect(red.client.proposeVote({ kind: 'remove-party', slot: 9 })).rejects.toMatchObject({
    problem: { code: 'VOTE_REFUSED' },
  });
  await decided('remove-party');
  await decided('close');
  await red.sees('the record', ({ mission }) => mission.closing?.record, 30_000);
  expect(red.closing.missing.map(({ slot }) => slot)).toEqual([0, 1]);
  green.network.cut(true);
  await green.sees('no link', ({ view }) => view.link.state === 'none');
  green.network.cut(false);
  await green.sees('the record', ({ mission }) => mission.closing?.record, 30_000);
  expect(green.view.problem?.code).toBe('DEVICE_OUT');
  expect(green.closing).toMatchObject({ step: 'record', canSign: false, missing: [] });
  await green.client.fetchRecord();
  await red.client.fetchRecord();
  const files = await Promise.all([red, green].map((one) => one.client.recordFile()));
  const [hers, theirs] = files.map((file) => Buffer.from(file as Uint8Array));
  expect(theirs?.equals(hers ?? Buffer.alloc(0))).toBe(true);
  await expect(green.client.signReceipt()).rejects.toMatchObject({
    problem: { code: 'CLOSING_NOT_YET' },
  });
  await green.client.leaveMission();
  expect(green.view.stage).toBe('welcome');
}, 90_000);
