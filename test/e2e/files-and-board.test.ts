import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { wordsBelow } from '../support/canary.ts';
import { freePort } from '../support/free-port.ts';
import { laptop, Person } from '../support/person.ts';
import { meet, type ThreePeople } from '../support/three-people.ts';
import { until } from '../support/until.ts';

/**
 * A file of 20 MB and a board, as people share them: real browsers, a real box that is killed in
 * the middle, a disk that somebody spoils.
 */
const pictures = fileURLToPath(new URL('../../build/pictures', import.meta.url));
const name = 'Marrowgate bridges.tar';
const words = 'The bridge at Wolfram Mill carries twelve tonnes. ';
const bytes = Buffer.concat([randomBytes(15_000_000), Buffer.from(words.repeat(100_000))]);
const hashOf = (of: Buffer): string => createHash('sha256').update(of).digest('hex');

let config: object;
let box: BoxProcess;
let origin: string;
let people: ThreePeople;
let late: Person | undefined;

async function picture(person: Person, title: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await person.page.screenshot({ path: `${pictures}/${title}.png`, animations: 'disabled' });
}

/** Files in the open conversation, newest last; `state` as the screen says it. */
function files(person: Person, state?: string): Locator {
  return person.page.locator(state === undefined ? '[data-file]' : `[data-file="${state}"]`);
}

async function send(person: Person, title: string, of: Buffer): Promise<void> {
  const path = join(box.directory, title);
  await writeFile(path, of);
  await person.press('Attach');
  const choosing = person.page.waitForEvent('filechooser');
  await person.page.getByRole('menuitem', { name: 'File', exact: true }).click();
  await (await choosing).setFiles(path);
  await person.page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await person.page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Percent of the transfer that is under way. */
async function percent(person: Person): Promise<number> {
  const value = await person.page
    .getByRole('progressbar')
    .first()
    .getAttribute('aria-valuenow', { timeout: 1000 })
    .catch(() => null);
  return Number(value ?? 0);
}

async function saved(person: Person): Promise<Buffer> {
  const downloading = person.page.waitForEvent('download');
  await files(person, 'here').last().getByRole('button', { name: 'Save file' }).click();
  return readFileSync(await (await downloading).path());
}

async function openBoard(person: Person): Promise<void> {
  await person.press('Attach');
  await person.page.getByRole('menuitem', { name: 'Board', exact: true }).click();
  await person.page.locator('.excalidraw canvas.interactive').waitFor({ timeout: 30_000 });
}

/** Draws a shape of Excalidraw's from one corner to the other. */
async function draw(person: Person, tool: string, x: number, y: number): Promise<void> {
  const { page } = person;
  const canvas = await page.locator('.excalidraw canvas.interactive').boundingBox();
  if (!canvas) throw new Error('no canvas');
  await page.getByRole('radio', { name: tool }).first().click({ force: true });
  await page.mouse.move(canvas.x + x, canvas.y + y);
  await page.mouse.down();
  await page.mouse.move(canvas.x + x + 60, canvas.y + y + 50, { steps: 5 });
  await page.mouse.up();
}

/** Waits until this person's list of objects names exactly these. */
async function hasOnBoard(person: Person, objects: readonly string[]): Promise<void> {
  const list = person.page.getByRole('list', { name: 'Objects' }).locator('bdi');
  await until(
    `${person.name} sees ${objects.join()}`,
    async () => {
      const seen = await list.allInnerTexts();
      return seen.toSorted().join() === objects.toSorted().join();
    },
    30_000,
  );
}

beforeAll(async () => {
  config = { ...loopbackConfig, gateway: { httpsPort: await freePort(), httpPort: 0 } };
  box = await BoxProcess.start(config);
  origin = await box.origin();
  people = await meet(origin);
});

afterAll(async () => {
  const all = [...Object.values(people ?? {}), late] as (Person | undefined)[];
  for (const person of all) await person?.leave();
  await box?.remove();
});

describe('20 MB from Blue to all', () => {
  test('survive that the box is killed in the middle, and the browser closed', async () => {
    const { blue, red } = people;
    await send(blue, name, bytes);
    await until('a part is there', async () => (await percent(blue)) >= 15, 30_000);
    box.child.kill('SIGKILL');
    await box.ended;
    await picture(blue, 'file-uploading');
    expect(await files(red).count()).toBe(0);
    expect(await files(blue, 'uploading').count()).toBe(1);
    await blue.closeBrowser();
    box = await BoxProcess.start(config, box.directory);
    await box.origin();
    await blue.openBrowser();
    await blue.open(origin);
    await blue.page.getByText('All parties').first().click();
    await files(blue, 'here').waitFor({ timeout: 60_000 });
  });

  test('reach the two others as they were, one of them over a closed lid', async () => {
    const { colleague, red } = people;
    for (const person of [red, colleague]) {
      await files(person, 'offered').waitFor({ timeout: 60_000 });
      await picture(person, `file-offered-${person === red ? 'laptop' : 'phone'}`);
      await person.press('Get file');
    }
    await until('some of it', async () => (await percent(red)) >= 10, 30_000);
    await red.closeBrowser();
    await red.openBrowser();
    await red.open(origin);
    await red.page.getByText('All parties').first().click();
    for (const person of [red, colleague]) {
      await files(person, 'here').waitFor({ timeout: 60_000 });
      expect(hashOf(await saved(person))).toBe(hashOf(bytes));
    }
    await picture(red, 'file-here');
  });

  test('lie on the box without a word of name or content', () => {
    const canaries = ['Marrowgate bridges', 'Wolfram Mill'];
    expect(wordsBelow(join(box.directory, 'data'), canaries)).toEqual([]);
    expect(wordsBelow(box.directory, canaries)).not.toEqual([]);
  });
});

describe('a file that somebody spoils on the box’s disk', () => {
  test('is refused and said to the one who gets it', async () => {
    const { colleague, red } = people;
    await send(red, 'needs.pdf', bytes.subarray(0, 2_000_000));
    await files(colleague, 'offered').waitFor({ timeout: 30_000 });
    const shelf = join(box.directory, 'data', 'mission', 'files');
    const found = await readdir(shelf, { recursive: true, withFileTypes: true });
    for (const { name: address, parentPath } of found) {
      if (!/^[0-9a-f]{128}$/.test(address)) continue;
      const file = await open(join(parentPath, address), 'r+');
      if ((await file.stat()).size < 3_000_000) await file.write(Buffer.of(1, 2, 3), 0, 3, 70_000);
      await file.close();
    }
    await colleague.press('Get file');
    await colleague.sees('The file arrived damaged. Try again.');
    await picture(colleague, 'file-damaged');
  });
});

describe('the board', () => {
  test('shows live what the other draws', async () => {
    const { blue, red } = people;
    for (const person of [red, blue]) await openBoard(person);
    await draw(red, 'Rectangle', 300, 300);
    for (const person of [red, blue]) await hasOnBoard(person, ['Rectangle']);
    await draw(blue, 'Diamond', 500, 300);
    for (const person of [red, blue]) await hasOnBoard(person, ['Diamond', 'Rectangle']);
    await red.sees('Saved in the history');
    await picture(red, 'board-live');
  });

  test('survives a reload, and drawing offline on both sides', async () => {
    const { blue, red } = people;
    await blue.page.reload();
    await hasOnBoard(blue, ['Diamond', 'Rectangle']);
    for (const person of [red, blue]) await person.goOffline(true);
    await draw(red, 'Ellipse', 300, 420);
    await draw(blue, 'Rectangle', 500, 420);
    await red.sees('Kept on this phone. Merges later.');
    await picture(red, 'board-offline');
    for (const person of [red, blue]) await person.goOffline(false);
    const all = ['Diamond', 'Circle', 'Rectangle', 'Rectangle'];
    for (const person of [red, blue]) await hasOnBoard(person, all);
    await red.sees('Saved in the history');
    await picture(red, 'board-merged');
  });

  test('is there on a device that joins late', async () => {
    const { red } = people;
    await red.page.getByRole('link', { name: /^People/ }).click();
    await red.press('Invite');
    await red.press('Make invitation');
    const address = await red.page
      .getByText(/https:\/\/[^ ]*#\/j\//)
      .first()
      .innerText();
    late = await Person.arrive('Red’s late colleague', laptop);
    await late.open(address.trim());
    await late.type('Your name', 'Lea');
    await late.press('Join');
    await late.sees('Read these digits to the lead');
    await red.page.getByRole('link', { name: /^Chats/ }).click();
    await red.press(/Lea wants to join your party/);
    await red.press('It matches');
    await late.page.getByText('All parties').first().click();
    await late.sees('This conversation has a board.');
    await late.press('Open board');
    await hasOnBoard(late, ['Diamond', 'Circle', 'Rectangle', 'Rectangle']);
    await picture(late, 'board-late');
  });

  test('the browsers had nothing to complain about', () => {
    for (const person of Object.values(people) as Person[]) expect(person.complaints).toEqual([]);
  });
});
