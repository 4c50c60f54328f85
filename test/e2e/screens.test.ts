import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands, openStage, type OpenStage } from '../support/stage/open-stage.ts';
import { scenes } from '../support/stage/scenes.ts';

let stage: OpenStage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const scene = (name: string) => stage.scene(name);

/** What a person could stumble over on the screen that is shown. */
async function stumblingBlocks(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const isSeen = (element: Element) => element.checkVisibility({ visibilityProperty: true });
    const headings = document.querySelectorAll('h1').length;
    if (headings !== 1) found.push(`${headings} main headings`);
    if (document.querySelectorAll('main').length !== 1) found.push('not one main part');
    if (!/(^| · )Parley$/u.test(document.title)) found.push(`title ${document.title}`);
    if (document.documentElement.scrollWidth > innerWidth) found.push('scrolls sideways');
    const controls = 'button, a[href], select, textarea, input:not([type=radio], [type=checkbox])';
    for (const control of document.querySelectorAll<HTMLElement>(controls)) {
      const { width, height } = control.getBoundingClientRect();
      // Things of a few pixels are for screen readers alone; reactions repeat what the menu offers.
      // The drawing program draws its own controls; the list of objects is the way without a mouse.
      const isForeign = control.closest('[class*=reactions], .excalidraw') !== null;
      if (!isSeen(control) || width < 8 || isForeign) continue;
      const name = control.ariaLabel ?? (control.textContent || control.id);
      if (height < 44) found.push(`${name} is ${height} pixels high`);
      if (name.trim() === '') found.push(`a nameless ${control.tagName}`);
    }
    return found;
  });
}

describe.each([
  { who: 'a phone in English', width: 390, height: 844, query: 'language=en&theme=light' },
  { who: 'a small phone in German', width: 320, height: 640, query: 'language=de&theme=light' },
  { who: 'a phone in Arabic, dark', width: 390, height: 844, query: 'language=ar&theme=dark' },
  { who: 'a desk in Ukrainian', width: 1280, height: 800, query: 'language=uk&contrast=1' },
])('every screen on $who', ({ width, height, query }) => {
  test('has one heading, reachable and named controls, and keeps to the policy', async () => {
    const page = await stage.browser.newPage({ viewport: { width, height }, locale: 'en-GB' });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('favicon.ico'))
        complaints.push(message.text());
    });
    const found: Record<string, string[]> = {};
    for (const scene of Object.keys(scenes)) {
      await page.goto(`${stage.origin}/?scene=${scene}&${query}`);
      await page.waitForSelector('h1');
      await page.waitForSelector('[data-waiting]', { state: 'detached' });
      const blocks = [...(await stumblingBlocks(page)), ...complaints.splice(0)];
      if (blocks.length > 0) found[scene] = blocks;
    }
    await page.close();
    expect(found).toEqual({});
  });
});

describe('a decision', () => {
  test('to sign needs a second of holding; a tap is not enough', async () => {
    const page = await scene('found-sign');
    const sign = page.getByRole('button', { name: 'Sign the charter' });
    await sign.click();
    expect(await commands(page)).toEqual([]);
    await sign.click({ delay: 1200 });
    expect(await commands(page)).toEqual([['signCharter']]);
    await page.close();
  });

  test('about the safety code has two answers that look the same', async () => {
    const page = await scene('found-code');
    const look = (name: string) =>
      page.getByRole('button', { name }).evaluate((button) => {
        const { width, height } = button.getBoundingClientRect();
        const { backgroundColor, color, fontWeight } = getComputedStyle(button);
        return { width, height, backgroundColor, color, fontWeight };
      });
    expect(await look('It matches')).toEqual(await look('It differs'));
    await page.close();
  });
});

describe('a founding that somebody opened', () => {
  const press = (page: Page, name: string) => page.getByRole('button', { name }).click();

  test('can be ended only by who has the code of the box, and after a question that says whom it ends', async () => {
    const other = await scene('welcome-founding');
    await other.getByRole('button', { name: 'Type code' }).waitFor();
    expect(await other.getByRole('button', { name: 'Start a new founding' }).count()).toBe(0);
    await other.close();
    const page = await scene('welcome-start-over');
    await press(page, 'Start a new founding');
    const question = page.getByRole('alertdialog');
    await question.getByText('It ends for everybody who takes part in it.').waitFor();
    await press(page, 'Cancel');
    await question.waitFor({ state: 'detached' });
    await press(page, 'Start a new founding');
    await press(page, 'Go on');
    await page.getByText('Your proposal ends the founding that is open here').waitFor();
    const values = { 'Mission name': 'Flood', Purpose: 'Help', 'Name of party 1': 'Red' };
    const codes = { 'Code of party 1': 'R', 'Name of party 2': 'Blue', 'Code of party 2': 'B' };
    for (const [label, value] of Object.entries({ ...values, ...codes })) {
      await page.getByLabel(label).fill(value);
    }
    expect(await commands(page)).not.toContainEqual(expect.arrayContaining(['propose']));
    await press(page, 'Propose mission');
    await page.getByText('Which party are you?').waitFor();
    const proposed = (await commands(page)) as unknown[][];
    expect(proposed.find(([what]) => what === 'propose')?.at(-1)).toBe('startOver');
    await page.close();
  });
});

describe('a conversation', () => {
  test('is walked with the arrows, and its menu opens from the keyboard', async () => {
    const page = await scene('chat');
    await page.getByRole('article').last().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Reply' }).press('Enter');
    await page.getByText('Reply to Noor').waitFor();
    await page.close();
  });

  test('says a new message of somebody once, and what was there before never', async () => {
    const page = await scene('chat');
    const announcer = page.locator('[data-announcer]');
    expect(await announcer.textContent()).toBe('');
    await page.evaluate(() => {
      const { client } = globalThis as unknown as {
        client: { messages(cid: string): object[]; arrive(cid: string, message: object): void };
      };
      client.arrive('all', { ...client.messages('all')[1], sid: 'fresh', text: 'The dam holds.' });
    });
    await expect.poll(() => announcer.textContent()).toBe('Noor, Blue: The dam holds.');
    await page.close();
  });

  test('of five thousand messages draws only its newest ones', async () => {
    const page = await scene('chat-long');
    expect(await page.getByRole('article').count()).toBe(150);
    await page.getByText('Message number 4999').waitFor();
    await page.close();
  });
});
