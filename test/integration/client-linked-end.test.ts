import { afterAll, beforeAll, expect, it } from 'vitest';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { freePort } from '../support/free-port.ts';
import { foundMission, NodeClient } from '../support/node-client.ts';

let box: BoxProcess;
let red: NodeClient;
let blue: NodeClient;
let tablet: NodeClient;

beforeAll(async () => {
  const gateway = { httpsPort: await freePort(), httpPort: 0 };
  box = await BoxProcess.start({ ...loopbackConfig, gateway, teardown: { farewellSeconds: 3 } });
  ({ red, blue } = await foundMission(await box.origin()));
  tablet = await NodeClient.start('Bela’s tablet', await box.origin());
  await tablet.sees('the box', ({ view }) => view.box?.hasMission);
  await tablet.client.linkThisDevice();
  await blue.client.linkDevice(tablet.view.linking?.code ?? '');
  for (const one of [blue, tablet]) {
    await one.sees('the digits', ({ view }) =>
      [view.linking?.step, view.mission?.linking?.step].includes('compare'),
    );
    await one.client.compareDevices(true, true);
  }
  await tablet.sees('the room', (one) => one.conversation('All parties'));
  await tablet.send('All parties', 'from the tablet');
  await red.sees('it', (one) => one.texts('All parties').includes('from the tablet'));
});
afterAll(async () => {
  for (const one of [red, blue, tablet]) await one?.stop();
  await box.remove();
});

it('a mission ends well when a lead has two devices, and either may vote and sign', async () => {
  await red.client.proposeVote({ kind: 'close' });
  await tablet.sees('the question', ({ mission }) => mission.votes.length === 1);
  await tablet.client.vote(tablet.mission.votes[0]?.id ?? '', 'yes');
  for (const one of [red, blue, tablet]) {
    await one.sees('the record', ({ view }) => view.mission?.closing?.step === 'record', 60_000);
  }
  expect(red.closing.sync.map(({ devices, done }) => [devices, done])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  for (const one of [red, tablet]) {
    await one.client.fetchRecord();
    await one.sees('its record', ({ closing }) => closing.record?.state === 'held', 60_000);
  }
  for (const one of [red, tablet]) {
    await one.sees('its turn', ({ closing }) => closing.canSign, 60_000);
    await one.client.signReceipt();
  }
  for (const one of [red, blue, tablet]) {
    await one.sees('the wipe', ({ closing }) => closing.step === 'wiped', 60_000);
  }
}, 120_000);
