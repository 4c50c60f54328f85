import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCode, writeCode } from '#protocol/mission/code.ts';
import { BoxProcess } from '../support/box-process.ts';
import { joinedBy, NodeClient } from '../support/node-client.ts';

const draft = {
  name: 'Flood response',
  purpose: '',
  history: 'all' as const,
  addParty: 'majority' as const,
  close: 'all' as const,
  wipeAfterHours: 24,
  parties: [
    { name: 'Red', code: 'R' },
    { name: 'Blue', code: 'B' },
  ],
};

let box: BoxProcess;
let origin: string;
let red: NodeClient;
let blue: NodeClient;
const others: NodeClient[] = [];

async function arrive(name: string): Promise<NodeClient> {
  const one = await NodeClient.start(name, origin);
  others.push(one);
  return one;
}

beforeAll(async () => {
  box = await BoxProcess.start();
  origin = await box.origin();
  red = await NodeClient.start('Rosa', origin);
  blue = await NodeClient.start('Bela', origin);
});

afterAll(async () => {
  for (const one of [red, blue, ...others]) await one.stop();
  await box.remove();
});

describe('a device that belongs nowhere yet', () => {
  it('sees that its box has neither mission nor founding', async () => {
    await red.sees('the box', ({ view }) => view.box !== undefined);
    expect(red.view).toMatchObject({
      stage: 'welcome',
      link: { state: 'linked' },
      box: { hasMission: false, hasFounding: false },
    });
  });

  it('refuses what is no code, and a code of another box', async () => {
    await expect(red.client.enter('hello')).rejects.toMatchObject({
      problem: { code: 'CODE_UNREADABLE' },
    });
    const other = writeCode({ kind: 'box', box: new Uint8Array(32) });
    await expect(red.client.enter(other)).rejects.toMatchObject({
      problem: { code: 'CODE_OTHER_BOX' },
    });
  });

  it('says so when the box does not answer', async () => {
    red.network.cut(true);
    await expect(red.client.propose(draft)).rejects.toMatchObject({
      problem: { code: 'BOX_OUT_OF_REACH' },
    });
    red.network.cut(false);
  });

  it('refuses a proposal in which two parties have one name', async () => {
    const parties = [draft.parties[0], { name: 'red ', code: 'X' }].flatMap((one) => one ?? []);
    await expect(red.client.propose({ ...draft, parties })).rejects.toMatchObject({
      problem: { code: 'FOUNDING_DRAFT' },
    });
  });
});

describe('a founding', () => {
  it('ends for everybody when one of them leaves, and a new one can begin', async () => {
    await red.client.propose(draft);
    await expect(blue.client.propose(draft)).rejects.toMatchObject({
      problem: { code: 'FOUNDING_OPEN' },
    });
    await blue.client.enter(red.view.founding?.joinLink ?? '');
    await red.client.takeParty(0, 'Rosa');
    await blue.client.takeParty(1, 'Bela');
    await blue.client.leaveFounding();
    expect(blue.view.stage).toBe('welcome');
    await red.sees('the end', ({ view }) => view.founding?.ended?.code === 'FOUNDING_CANCELLED');
    await red.client.leaveFounding();
    expect(red.view.stage).toBe('welcome');
  });

  it('that a stranger opened first ends for them, with the reason, when the holder of the console code starts over', async () => {
    const stranger = await arrive('Stranger');
    await stranger.client.propose(draft);
    await stranger.client.takeParty(0, 'Sven');
    await expect(red.client.propose(draft, true)).rejects.toMatchObject({
      problem: { code: 'FOUNDING_KEY_MISSING' },
    });
    const [shown = ''] = /https:\/\/localhost\S+/.exec(box.stdout) ?? [];
    const code = readCode(shown);
    if (!code.ok || code.value.kind !== 'box') throw new Error('no code on the console');
    await blue.client.enter(writeCode({ kind: 'box', box: code.value.box }));
    expect(blue.view.box).toEqual({ hasMission: false, hasFounding: true });
    await red.client.enter(shown);
    expect(red.view.box).toMatchObject({ hasFounding: true, canReplaceFounding: true });
    await expect(red.client.propose(draft)).rejects.toMatchObject({
      problem: { code: 'FOUNDING_OPEN' },
    });
    await red.client.propose(draft, true);
    await stranger.sees(
      'the end',
      ({ view }) => view.founding?.ended?.code === 'FOUNDING_REPLACED',
    );
    await stranger.client.leaveFounding();
    await red.client.takeParty(0, 'Rosa');
    await red.client.leaveFounding();
    await red.sees('welcome', ({ view }) => view.box?.hasFounding === false);
  });

  it('goes on where it was after the browser was closed at any step', async () => {
    await red.client.propose(draft);
    await red.restart();
    expect(red.view.founding?.step).toBe('party');
    await blue.client.enter(red.view.founding?.joinLink ?? '');
    await red.client.takeParty(0, 'Rosa');
    await red.restart();
    await blue.client.takeParty(1, 'Bela');
    for (const one of [red, blue]) {
      await one.sees('the code', ({ view }) => view.founding?.code !== undefined);
    }
    const code = red.view.founding?.code;
    await red.restart();
    await red.sees('the same code', ({ view }) => view.founding?.code?.digits === code?.digits);
    expect(blue.view.founding?.code).toEqual(code);
    await red.client.compareCode(true);
    await red.restart();
    await red.sees('the next step', ({ view }) => view.founding?.step === 'sign');
    await blue.client.compareCode(true);
    await red.client.signCharter();
    await red.restart();
    await red.sees('the wait', ({ view }) => view.founding?.step === 'waiting');
    await blue.client.signCharter();
    for (const one of [red, blue]) {
      await one.sees('the mission', ({ view }) => view.stage === 'mission');
      await one.sees('the first room', (seen) => seen.conversation('All parties'));
    }
    expect(red.mission.code).toEqual(code);
  });

  it('leaves no second founding possible, which is said openly', async () => {
    const stranger = await arrive('Stranger');
    await stranger.sees('the mission', ({ view }) => view.box?.hasMission);
    await expect(stranger.client.propose(draft)).rejects.toMatchObject({
      problem: { code: 'MISSION_EXISTS' },
    });
  });
});

describe('an invitation', () => {
  it('that was stopped lets nobody in', async () => {
    const { id, link = '' } = await red.client.invite('person', 1);
    await red.client.stopInvitation(id);
    await red.sees('it stopped', ({ mission }) => mission.invitations[0]?.stopped);
    expect(red.mission.invitations[0]?.link).toBeUndefined();
    const late = await arrive('Late');
    await late.client.enter(link);
    await late.client.join('Late');
    await late.sees('that', ({ view }) => view.joining?.problem?.code === 'INVITATION_STOPPED');
    await late.client.leaveJoining();
    expect(late.view.stage).toBe('welcome');
  });

  it('refused by the lead is told to the person, who can try again with another', async () => {
    const { link = '' } = await red.client.invite('person', 1);
    const person = await arrive('Dora');
    await person.client.enter(link);
    await person.client.join('Dora');
    await red.sees('the request', ({ mission }) => mission.claims.length === 1);
    await red.client.answerClaim(red.mission.claims[0]?.id ?? '', false);
    await person.sees('the refusal', ({ view }) => view.joining?.step === 'refused');
    expect(red.mission.claims).toEqual([]);
    await person.client.leaveJoining();
    const dora = await joinedBy(red, 'Dora');
    others.push(dora);
    expect(dora.mission.compared).toEqual([0, 1]);
  });

  it('for several shows a second scanner as a request of its own', async () => {
    const { link = '' } = await blue.client.invite('open', 3);
    const people = [await arrive('Emil'), await arrive('Fay')];
    for (const one of people) {
      await one.client.enter(link);
      await one.client.join(one.name);
    }
    await blue.sees('both requests', ({ mission }) => mission.claims.length === 2);
    for (const one of people) {
      await one.sees('digits', ({ view }) => view.joining?.digits !== undefined);
      const claim = blue.mission.claims.find(({ name }) => name === one.name);
      expect(claim?.digits).toBe(one.view.joining?.digits);
      await blue.client.answerClaim(claim?.id ?? '', true);
      await one.sees('the room', (seen) => seen.conversation('All parties'));
    }
    await red.sees('everybody', ({ mission }) => mission.people.length === 5);
    await red.sees(
      'everybody in the room',
      (one) => one.conversation('All parties')?.memberCount === 5,
    );
  });

  it('cannot be made by somebody who is no lead', async () => {
    const emil = others.find(({ name }) => name === 'Emil');
    await expect(emil?.client.invite('person', 1)).rejects.toMatchObject({
      problem: { code: 'NOT_A_LEAD' },
    });
  });

  it('to a mission that one is in already changes nothing', async () => {
    const { link = '' } = await red.client.invite('person', 1);
    const emil = others.find(({ name }) => name === 'Emil');
    await emil?.client.enter(link);
    expect(emil?.view.stage).toBe('mission');
  });
});

describe('a second tab', () => {
  it('of a device shows that the first one works, and writes nothing beside it (S48)', async () => {
    const tab = await NodeClient.start('Tab', origin, { isTaken: true });
    expect(tab.view.stage).toBe('elsewhere');
    await tab.stop();
  });
});
