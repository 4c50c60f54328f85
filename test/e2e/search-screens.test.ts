import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type OpenStage } from '../support/stage/open-stage.ts';

/** A browser on a busy machine takes its time. */
const soon = { timeout: 20_000, interval: 50 };
let stage: OpenStage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const field = (page: Page) => page.getByRole('searchbox', { name: 'Search' });
const rows = (page: Page) => page.getByRole('grid', { name: 'Found' }).getByRole('row');
const said = (page: Page, words: string) =>
  page.getByRole('status').filter({ hasText: new RegExp(`^${words}$`) });
const choice = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });
const hash = (page: Page) => page.evaluate(() => location.hash);

describe('the search', () => {
  test('is reached from the chats, by Ctrl+K and from a conversation, and takes the keys at once', async () => {
    const page = await stage.scene('chats');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await expect
      .poll(() => field(page).evaluate((one) => one === document.activeElement), soon)
      .toBe(true);
    await page.evaluate(() => (location.hash = '#/chats/all'));
    await page.getByRole('button', { name: 'Search in conversation' }).click();
    await page.getByText('In All parties').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByText('In everything on this device').waitFor();
    await page.close();
  });

  test('finds by several words in any order, marks them, and says how many there are', async () => {
    const page = await stage.scene('search');
    await field(page).fill('ROAD bridge');
    await said(page, '1 result').waitFor();
    expect(await rows(page).locator('mark').allTextContents()).toEqual(['bridge', 'Road']);
    await field(page).fill('brucke');
    await rows(page).filter({ hasText: 'Brücke bei Mill Road.jpg' }).waitFor();
    await field(page).fill('الماء المدرسه');
    await rows(page).filter({ hasText: 'Tomas' }).waitFor();
    expect(await rows(page).locator('mark').allTextContents()).toEqual(['الـمَـاءُ', 'المدرسة']);
    await page.close();
  });

  test('opens a hit from the keyboard, with the message in focus, and comes back to the same words', async () => {
    const page = await stage.scene('search');
    await field(page).fill('number 2468');
    await said(page, '1 result').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const message = page.getByRole('article').filter({ hasText: 'Message number 2468' });
    await expect
      .poll(() => message.evaluate((one) => one === document.activeElement), soon)
      .toBe(true);
    await expect.poll(() => hash(page), soon).toBe('#/chats/water/at/l2468');
    await page.goBack();
    await expect.poll(() => field(page).inputValue(), soon).toBe('number 2468');
    await page.close();
  });

  test('is narrowed by person, party, kind and day', async () => {
    const page = await stage.scene('search');
    await field(page).fill('road');
    await said(page, '2 results').waitFor();
    await choice(page, 'Kind').selectOption('Files');
    await said(page, '1 result').waitFor();
    await choice(page, 'Kind').selectOption('Everything');
    await choice(page, 'Parties').selectOption('Blue');
    await said(page, '1 result').waitFor();
    await choice(page, 'Parties').selectOption('All parties');
    await choice(page, 'People').selectOption('Leila');
    await said(page, '1 result').waitFor();
    await page.getByLabel('Day').fill('2020-01-01');
    await said(page, 'Nothing found.').waitFor();
    await page.getByText('Not searched: what is inside files').waitFor();
    await page.close();
  });

  test('counts neither what is erased or locked nor events (S128)', async () => {
    const page = await stage.scene('search-in');
    await choice(page, 'Parties').selectOption('Sky');
    await said(page, 'Nothing found.').waitFor();
    await choice(page, 'Parties').selectOption('All parties');
    await field(page).fill('bridge');
    await said(page, '1 result').waitFor();
    await field(page).fill('started');
    await said(page, 'Nothing found.').waitFor();
    await page.close();
  });

  test('draws fifty of many, and more when asked', async () => {
    const page = await stage.scene('search');
    await field(page).fill('message number');
    await said(page, '5000 results').waitFor();
    await expect.poll(() => rows(page).count(), soon).toBe(50);
    await page.getByRole('button', { name: 'Show more results' }).click();
    await expect.poll(() => rows(page).count(), soon).toBe(100);
    await page.close();
  });

  test('finds people, and leads to their party', async () => {
    const page = await stage.scene('search');
    await field(page).fill('noor');
    await rows(page).first().click();
    await expect.poll(() => hash(page), soon).toBe('#/people/party/1');
    await page.close();
  });

  test('is in the details of a conversation on a phone, where the header has no room', async () => {
    const page = await stage.browser.newPage({ viewport: { width: 320, height: 640 } });
    await page.goto(`${stage.origin}/?scene=chat&language=en`);
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('button', { name: 'Search in conversation' }).click();
    await expect
      .poll(() => field(page).evaluate((one) => one === document.activeElement), soon)
      .toBe(true);
    expect(await hash(page)).toBe('#/search/all');
    await page.close();
  });

  test('fits a small phone from right to left with results', async () => {
    const page = await stage.browser.newPage({ viewport: { width: 320, height: 640 } });
    await page.goto(`${stage.origin}/?scene=search&language=ar`);
    await page.getByRole('searchbox').fill('road');
    await page.getByRole('grid').getByRole('row').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await page.close();
  });
});

describe('a conversation that a hit opened', () => {
  test('shows the messages around it, then newer ones, then the newest', async () => {
    const page = await stage.scene('chat-at');
    await page.getByText('Message number 700', { exact: true }).waitFor();
    expect(await page.getByRole('article').count()).toBe(150);
    await page.getByRole('button', { name: 'Show newer messages' }).click();
    await expect.poll(() => page.getByRole('article').count(), soon).toBe(300);
    await page.getByRole('button', { name: 'Jump to newest' }).click();
    await page.getByText('Message number 4999', { exact: true }).waitFor();
    await expect.poll(() => page.getByRole('article').count(), soon).toBe(150);
    await page.close();
  });
});
