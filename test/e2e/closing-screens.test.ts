import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands, openStage, type OpenStage } from '../support/stage/open-stage.ts';

/** A browser on a busy machine takes its time. */
const soon = { timeout: 20_000, interval: 50 };
let stage: OpenStage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const press = (page: Page, name: string) => button(page, name).click();

/** Everything the scripted engine was told, once it has heard of `command`. */
async function told(page: Page, command: unknown[]): Promise<void> {
  await expect.poll(() => commands(page), soon).toContainEqual(command);
}

describe('a vote', () => {
  test('says how far it is, in the picture and in words', async () => {
    const page = await stage.scene('vote');
    await page.getByText('One more yes decides').waitFor();
    await page.getByText('3 of 4 parties must say yes.').waitFor();
    const table = page.getByRole('img', {
      name: '2 yes, 1 no, 1 open: Red open, Blue no, Green yes, Sky yes',
    });
    await table.waitFor();
    await page.close();
  });

  test('has a yes and a no that look the same', async () => {
    const page = await stage.scene('vote');
    const look = (name: string) =>
      button(page, name).evaluate((one) => {
        const { width, height } = one.getBoundingClientRect();
        const { backgroundColor, color, fontWeight } = getComputedStyle(one);
        return { width, height, backgroundColor, color, fontWeight };
      });
    await button(page, 'Vote yes').waitFor();
    expect(await look('Vote yes')).toEqual(await look('Vote no'));
    await page.close();
  });

  test('asks once more with the question and the party, by the keyboard too', async () => {
    const page = await stage.scene('vote');
    await button(page, 'Vote no').press('Enter');
    const sheet = page.getByRole('dialog', { name: 'Remove Tomas (Blue) from the mission?' });
    await sheet.getByText('You vote for Red.').waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(await commands(page)).not.toContainEqual(['vote', 'v1', 'no']);
    await press(page, 'Vote no');
    await sheet.getByRole('button', { name: 'Vote no' }).click();
    await told(page, ['vote', 'v1', 'no']);
    await press(page, 'Change my vote');
    await button(page, 'Vote yes').waitFor();
    await page.close();
  });

  test('of one’s own party can be withdrawn', async () => {
    const page = await stage.scene('vote-mine');
    await press(page, 'Withdraw proposal');
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw proposal' }).click();
    await told(page, ['vote', 'v1', 'withdraw']);
    await page.close();
  });

  test('tells a member who votes for the party, and offers no ballot', async () => {
    const page = await stage.scene('vote-member');
    await page.getByText('Leads of Red vote. Yours: Sara and Jonas.').waitFor();
    expect(await button(page, 'Vote yes').count()).toBe(0);
    await page.close();
  });

  test('can be proposed from the mission and about a person, not about one’s own party', async () => {
    const page = await stage.scene('mission');
    await press(page, 'Propose to close the mission');
    const sheet = page.getByRole('dialog', { name: 'Close “Flood response” and wipe the box?' });
    await sheet
      .getByText('Once passed, nobody can write here any more. Cannot be undone.')
      .waitFor();
    await sheet.getByText('You vote for Red.').waitFor();
    await sheet.getByRole('button', { name: 'Vote yes' }).click();
    await told(page, ['proposeVote', { kind: 'close' }]);
    await page.getByRole('heading', { name: 'Vote', exact: true }).waitFor();
    await page.evaluate(() => (location.hash = '#/people/party/1'));
    await press(page, 'Propose a vote about Noor');
    await page.getByRole('dialog').getByRole('button', { name: 'Vote yes' }).click();
    await told(page, ['proposeVote', { kind: 'remove-member', person: 'Noor' }]);
    await page.evaluate(() => (location.hash = '#/people/party/2'));
    await press(page, 'Propose a vote');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.evaluate(() => (location.hash = '#/people/party/0'));
    await page.getByRole('heading', { name: 'Red' }).waitFor();
    expect(await page.getByRole('button', { name: /Propose a vote/ }).count()).toBe(0);
    await page.close();
  });

  test('that waits for this person is on the first screen', async () => {
    const page = await stage.scene('votes-need');
    await page.getByRole('button', { name: /^2 open votes/ }).click();
    await page.getByRole('button', { name: /^Remove Tomas/ }).click();
    await button(page, 'Vote yes').waitFor();
    await page.close();
  });
});

describe('the last sync', () => {
  test('names whom it waits for and how to reach them', async () => {
    const page = await stage.scene('close-sync');
    const bar = page.getByRole('progressbar', { name: 'Last sync' });
    expect(await bar.getAttribute('aria-valuetext')).toBe('19 of 23 devices.');
    await page.getByText('2 messages of this device are not on the box yet.').waitFor();
    await press(page, 'Ask Sky to connect');
    await page.getByRole('dialog').getByText('Open Parley near the box.').waitFor();
    await press(page, 'Close');
    await press(page, 'Go on without them');
    const sheet = page.getByRole('dialog');
    await sheet.getByText('Their unsent messages are not in the record.').waitFor();
    await sheet.getByRole('button', { name: 'Go on without them' }).click();
    await told(page, ['giveUpDevices']);
    await page.close();
  });
});

describe('the record', () => {
  test('is saved as a file, and nothing is erased yet', async () => {
    const page = await stage.scene('close-ready');
    await page.getByText('Nothing is erased yet').waitFor();
    expect(await button(page, 'Sign receipt').isDisabled()).toBe(true);
    const download = page.waitForEvent('download');
    await press(page, 'Save record');
    expect((await download).suggestedFilename()).toBe('Flood response 9c41e07b52aa.tar');
    await page.getByText('8,214 signatures hold. Nothing is missing.').waitFor();
    await press(page, 'Sign receipt');
    const sheet = page.getByRole('dialog', { name: 'Sign that Red has the whole record?' });
    await sheet.getByText('A receipt cannot be taken back.').waitFor();
    expect(await commands(page)).not.toContainEqual(['signReceipt']);
    await sheet.getByRole('button', { name: 'Sign receipt' }).click();
    await told(page, ['signReceipt']);
    await page.getByText('It goes out by itself').waitFor();
    await page.close();
  });

  test('that arrived damaged says what to do', async () => {
    const page = await stage.scene('close-damaged');
    await page.getByRole('alert').getByText('Save again. The other copies are fine.').waitFor();
    await press(page, 'Check record');
    await told(page, ['fetchRecord']);
    await page.close();
  });

  test('can be refused for one of four reasons', async () => {
    const page = await stage.scene('close-sign');
    await press(page, 'Something is wrong');
    expect(await button(page, 'Tell all parties').isDisabled()).toBe(true);
    expect(await page.getByRole('radio').count()).toBe(4);
    await page.getByText('Something is missing in the record').click();
    await press(page, 'Tell all parties');
    await told(page, ['disputeRecord', 'missing']);
    await page.close();
  });

  test('of which the box gave two is told with the proof', async () => {
    const page = await stage.scene('close-proof');
    await page.getByRole('alert').getByText('The box gave different records.').waitFor();
    await button(page, 'Copy proof').waitFor();
    expect(await button(page, 'Sign receipt').isDisabled()).toBe(true);
    await page.close();
  });

  test('is signed by leads alone', async () => {
    const page = await stage.scene('close-member');
    await page.getByText('Leads of Red sign the receipt. Yours: Sara and Jonas.').waitFor();
    expect(await button(page, 'Sign receipt').count()).toBe(0);
    await page.close();
  });

  test('waits for a party until its time is over, then the leads may go on', async () => {
    const page = await stage.scene('close-sign');
    await page.getByText('No receipt yet. Time left: 23 hours.').first().waitFor();
    expect(await button(page, 'Go on without Sky').count()).toBe(0);
    await page.close();
    const later = await stage.scene('close-over');
    await later.getByText('Want to go on without Sky: Blue.').waitFor();
    await press(later, 'Go on without Sky');
    await told(later, ['goOnWithout', 3]);
    await later.close();
  });
});

describe('the keys', () => {
  test('are saved under a passphrase that was typed twice and is long enough', async () => {
    const page = await stage.scene('close-sign');
    await press(page, 'Save your keys');
    const [first, second] = ['Passphrase', 'Passphrase again'].map((name) =>
      page.getByLabel(name, { exact: true }),
    );
    await first?.fill('short');
    await press(page, 'Save key file');
    await page.getByText('Use at least 12 letters.').waitFor();
    await first?.fill('five words nobody guesses');
    await second?.fill('five words nobody guessed');
    await press(page, 'Save key file');
    await page.getByText('The two are not the same.').waitFor();
    await second?.fill('five words nobody guesses');
    const download = page.waitForEvent('download');
    await press(page, 'Save key file');
    expect((await download).suggestedFilename()).toBe('keys of Sara.json');
    await page.close();
  });

  test('are on a card that is printed once and checked back', async () => {
    const page = await stage.scene('key-card');
    await page.getByText('Not made yet').waitFor();
    await press(page, 'Print key card');
    await page.getByRole('img', { name: 'Key card as a QR code' }).waitFor();
    await page.getByText('Made', { exact: true }).waitFor();
    const text = await page.getByText('parley-card-1.').textContent();
    await press(page, 'Check my key card');
    await page.getByLabel('Text of the card').fill('parley-card-1.AQ');
    await press(page, 'Check');
    await page.getByRole('alert').getByText('This is not your card').waitFor();
    await page.getByLabel('Text of the card').fill(`${text?.slice(0, 40)}\n${text?.slice(40)}`);
    await press(page, 'Check');
    await page.getByText('This card is right. It opens your record.').waitFor();
    await page.close();
  });

  test('are asked for until the card is made or kept another way', async () => {
    const page = await stage.scene('chats');
    await press(page, 'I saved it another way');
    await button(page, 'Print key card').waitFor({ state: 'detached' });
    await page.evaluate(() => (location.hash = '#/mission'));
    await button(page, 'Key card').click();
    await page.getByRole('heading', { name: 'Key card' }).waitFor();
    await page.close();
  });
});

describe('the certificate', () => {
  test('says what was erased and what that does not prove, is saved, and lets go', async () => {
    const page = await stage.scene('certificate');
    await page.getByRole('heading', { name: 'The box is empty' }).waitFor();
    await page.getByText('Files removed. The disk was not overwritten.').waitFor();
    await page.getByText('What this cannot prove.').waitFor();
    await page.getByText('7A20 41CE 88D3').waitFor();
    const download = page.waitForEvent('download');
    await press(page, 'Save certificate');
    expect((await download).suggestedFilename()).toBe('Parley 7a2041ce88d3.json');
    await press(page, 'Leave the mission');
    const sheet = page.getByRole('dialog', { name: 'Forget the mission on this device?' });
    await sheet.getByRole('button', { name: 'Leave the mission' }).click();
    await page.getByRole('heading', { name: 'Welcome to Parley' }).waitFor();
    await told(page, ['leaveMission']);
    await page.close();
  });

  test('of a wipe that is not proven says to destroy the card', async () => {
    const page = await stage.scene('certificate-not-proven');
    await page.getByRole('heading', { name: 'The wipe is not proven' }).waitFor();
    await page.getByRole('alert').getByText('The wipe is not proven. Destroy the card.').waitFor();
    expect(await page.getByText('The box is empty').count()).toBe(0);
    await page.close();
  });

  test('comes by itself when the wipe is over, wherever the person is', async () => {
    const page = await stage.scene('close-need');
    await page.evaluate(() => {
      const { client } = globalThis as unknown as {
        client: { view(): { mission: { closing: object } }; show(change: object): void };
      };
      const { mission } = client.view();
      client.show({ mission: { ...mission, closing: { ...mission.closing, step: 'wiping' } } });
    });
    await page.getByRole('heading', { name: 'The box is being wiped' }).waitFor();
    await page.close();
  });
});
