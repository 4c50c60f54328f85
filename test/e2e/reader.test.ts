import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyCardText } from '#protocol/archive/key-card.ts';
import { sealKeyFile } from '#protocol/archive/key-file.ts';
import { certified, endOf } from '../support/erasure.ts';
import { FirefoxPerson } from '../support/firefox-person.ts';
import { nodeEngine } from '../support/protocol-ports.ts';
import { builtReader } from '../support/reader-page.ts';
import { sampleRecord, type SampleRecord } from '../support/record.ts';
import { stumblingBlocks } from '../support/stumbling-blocks.ts';
import { packed, unpacked } from '../support/ustar.ts';

const pictures = fileURLToPath(new URL('../../build/pictures', import.meta.url));
const passphrase = 'three calm rivers';
const laptop = { width: 1280, height: 800 };

let folder: string;
let browser: Browser;
let page: Page;
let sample: SampleRecord;
/** Every address that a page asked for, and everything a browser complained about. */
const asked: string[] = [];
const complaints: string[] = [];

const at = (name: string) => join(folder, name);

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'parley-reading-'));
  sample = await sampleRecord(await builtReader());
  const files = await unpacked(sample.bytes);
  // As a person gets it: the reader comes out of the record itself.
  await writeFile(at('reader.html'), files.get('reader.html') as Uint8Array);
  await writeFile(at('record.tar'), sample.bytes);
  const keys = await sealKeyFile(nodeEngine, sample.keys('alice@red'), passphrase);
  await writeFile(at('alice.parley-keys'), keys);
  const claim = await endOf(sample);
  await writeFile(at('certificate.json'), await certified(sample.box.signer, claim));
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  page = await open({ ...laptop });
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The reader as a file, on a machine without network. */
async function open(
  viewport: { width: number; height: number },
  locale = 'en-GB',
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Page> {
  const context = await browser.newContext({
    viewport,
    locale,
    colorScheme,
    offline: true,
    timezoneId: 'UTC',
  });
  const opened = await context.newPage();
  opened.on('request', (request) => asked.push(request.url()));
  opened.on('pageerror', (error) => complaints.push(error.message));
  opened.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await opened.goto(pathToFileURL(at('reader.html')).href);
  return opened;
}

async function give(to: Page, ...names: string[]): Promise<void> {
  const files = names.map((name) => (name.startsWith('/') ? name : at(name)));
  await to.locator('input[type=file]').first().setInputFiles(files);
}

async function unlock(to: Page): Promise<void> {
  await to.locator('input[type=password]').fill(passphrase);
  await to.locator('button[type=submit]').click();
  await to.getByRole('searchbox').waitFor();
}

describe('the reader', () => {
  test('is one file below 700 KiB, the same from each build, that names no address', async () => {
    const [first, second] = [await builtReader(), await readFile(at('reader.html'))];
    expect(Buffer.compare(first, second)).toBe(0);
    expect(first.length).toBeLessThan(700 * 1024);
    const text = second.toString('utf8');
    const policy = /Content-Security-Policy" content="([^"]+)"/u.exec(text)?.[1];
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+' 'wasm-unsafe-eval';/u);
    expect(policy).not.toMatch(/unsafe-inline|https?:|\*/u);
    expect(text).not.toMatch(/<(?:link|iframe|object|embed)|\ssrc="|@import/u);
    expect(text).not.toContain(process.cwd());
  });

  test('says what is no record, and what is a damaged one', async () => {
    await give(page, 'alice.parley-keys');
    await page.getByText('The key file is here.').waitFor();
    await writeFile(at('photo.jpg'), 'GIF89a');
    await give(page, 'photo.jpg');
    await page.getByText('This is not a record.').waitFor();
    await writeFile(at('half.tar'), sample.bytes.subarray(0, sample.bytes.length / 2));
    await give(page, 'half.tar');
    await page.getByText('This record is damaged.').waitFor();
    const dropped = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['GIF89a'], 'record.tar'));
      return data;
    });
    await page.dispatchEvent('main', 'drop', { dataTransfer: dropped });
    await page.getByText('This is not a record.').waitFor();
  });

  test('shows without keys who took part, and nothing that was said', async () => {
    await give(page, 'record.tar');
    await page.getByText('All signatures hold').first().waitFor();
    await page.getByText('Everything is locked.').waitFor();
    expect(await page.getByText('Party 3').count()).toBe(1);
    const text = await page.locator('body').innerText();
    for (const words of [...sample.texts, sample.title, 'Alice']) expect(text).not.toContain(words);
    await page.screenshot({ path: join(pictures, 'reader-locked.png') });
    await page.getByRole('button', { name: 'Scan key card' }).click();
    await page.getByText('The camera cannot be used here.').waitFor();
  });

  test('refuses another passphrase, and opens with the right one', async () => {
    await page.getByLabel('Passphrase').fill('three wild rivers');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('This passphrase does not open the key file.').waitFor();
    await unlock(page);
    await page.getByRole('button', { name: sample.title }).waitFor();
    expect(await page.getByRole('complementary').getByText('red', { exact: true }).count()).toBe(1);
  });

  test('shows a conversation with its reaction, its file and its board', async () => {
    await page.getByRole('button', { name: sample.title }).click();
    for (const words of sample.texts) await page.getByText(words, { exact: true }).waitFor();
    expect(await page.getByText(/^\W+ by .?Alice/u).count()).toBe(1);
    await page.getByRole('button', { name: 'Show the board' }).click();
    const board = page.getByRole('img', { name: 'Board, 1 object' });
    expect(await board.locator('g rect').count()).toBe(1);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save', exact: true }).click(),
    ]);
    expect(saved.suggestedFilename()).toBe('plan.txt');
    expect(await readFile(await saved.path())).toEqual(Buffer.from(sample.file.bytes));
  });

  test('keeps a message without effect in its drawer, with the reason', async () => {
    const hidden = page.getByText(sample.hiddenText);
    expect(await hidden.isVisible()).toBe(false);
    await page.getByText('1 hidden message').click();
    await hidden.waitFor();
    expect(await page.getByText('The writer was removed from the mission.').isVisible()).toBe(true);
  });

  test('proves a message: its device, its commit, and that the signature holds', async () => {
    const entry = page.getByRole('listitem').filter({ hasText: sample.texts[1] as string });
    await entry.getByRole('button', { name: 'Show proof' }).click();
    const proof = page.getByRole('dialog', { name: 'Proof' });
    await proof.getByText('holds, checked just now').waitFor();
    await proof.getByText(sample.device('bob@blue').keys.dfp).waitFor();
    expect(await proof.locator('pre').innerText()).toContain('verify-commit');
    await page.screenshot({ path: join(pictures, 'reader-proof.png') });
    await page.keyboard.press('Escape');
    await proof.waitFor({ state: 'detached' });
  });

  test('finds words in all conversations, and marks them', async () => {
    await page.getByRole('button', { name: 'All conversations' }).click();
    await page.getByRole('searchbox').fill('BETWEEN');
    await page.getByText('1 found').waitFor();
    expect(await page.locator('mark').allInnerTexts()).toEqual(['between']);
    await page.getByRole('searchbox').fill('bo');
    await page.getByText('1 found').waitFor();
    await page.getByLabel('Party', { exact: true }).selectOption({ label: 'green' });
    await page.getByText('Nothing found.').waitFor();
    await page.getByLabel('Party', { exact: true }).selectOption({ label: 'All parties' });
    await page.getByRole('searchbox').fill('a');
    await page.screenshot({ path: join(pictures, 'reader.png') });
    await page.getByRole('searchbox').fill('');
    await page.getByLabel('Kind').selectOption({ label: 'Files only' });
    await page.getByText(/^File: .?plan\.txt/u).waitFor();
  });

  test('shows the receipts out of the certificate of erasure', async () => {
    await give(page, 'certificate.json');
    await page.getByRole('img', { name: '2 of 3 parties signed the receipt' }).waitFor();
    await page.getByText('It holds. The box erased 12 files.').waitFor();
  });

  test('writes everything that is open as a text', async () => {
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export as text' }).click(),
    ]);
    const text = await readFile(await saved.path(), 'utf8');
    for (const words of [...sample.texts, ...sample.asideTexts]) expect(text).toContain(words);
  });

  test('says in a list what does not hold in a record that was changed', async () => {
    const files = await unpacked(sample.bytes);
    const path = `swarms/${sample.room}.bundle`;
    const bent = Uint8Array.from(files.get(path) as Uint8Array);
    // A signature of a commit; its length, and so every checksum's place, stays as it was.
    const signature = Buffer.from(bent).lastIndexOf('-----BEGIN SSH SIGNATURE-----');
    bent[signature + 150] = bent[signature + 150] === 0x41 ? 0x42 : 0x41;
    await writeFile(at('bent.tar'), packed(files.set(path, bent)));
    const other = await open(laptop);
    await give(other, 'bent.tar');
    await other
      .getByRole('heading', { name: 'What does not hold' })
      .or(other.getByText('This record is damaged.'))
      .waitFor();
    expect(await other.getByText('All signatures hold').count()).toBe(0);
    await other.screenshot({ path: join(pictures, 'reader-faults.png') });
    await other.context().close();
  });
});

describe.each([
  { tag: 'en', width: 390, scheme: 'light' },
  { tag: 'de', width: 320, scheme: 'dark' },
  { tag: 'ar', width: 390, scheme: 'dark' },
  { tag: 'uk', width: 1280, scheme: 'dark' },
] as const)('the reader in $tag at $width pixels, $scheme', ({ tag, width, scheme }) => {
  test('opens with a key card, fits, and every control has a name and room for a finger', async () => {
    const own = await open({ width, height: 844 }, tag, scheme);
    const found = [...(await stumblingBlocks(own))];
    await give(own, 'record.tar', 'alice.parley-keys');
    await own.locator('textarea').fill(keyCardText(sample.keys('alice@red')));
    found.push(...(await stumblingBlocks(own)));
    await own.locator('button[type=submit]').click();
    await own.getByRole('searchbox').waitFor();
    expect(await own.evaluate(() => document.documentElement.dir)).toBe(
      tag === 'ar' ? 'rtl' : 'ltr',
    );
    found.push(...(await stumblingBlocks(own)));
    await own.getByRole('button', { name: sample.title }).click();
    found.push(...(await stumblingBlocks(own)));
    await own.screenshot({ path: join(pictures, `reader-${tag}.png`), fullPage: true });
    await own.context().close();
    expect(found).toEqual([]);
  });
});

test('in Firefox the same file opens the same record', async () => {
  const person = await FirefoxPerson.arrive('A reader', 'https://localhost');
  const requests: string[] = [];
  try {
    person.page.on('request', (request) => requests.push(request.url()));
    await person.open(pathToFileURL(at('reader.html')).href);
    const input = await person.page.waitForSelector('input[type=file]');
    await (input as unknown as { uploadFile(...paths: string[]): Promise<void> }).uploadFile(
      at('record.tar'),
      at('alice.parley-keys'),
    );
    await person.sees('All signatures hold');
    await person.page.locator('input[type=password]').fill(passphrase);
    await person.press('Unlock');
    const title = `//main//li/button[contains(., "${sample.title}")]`;
    await person.page.locator(`::-p-xpath(${title})`).click();
    await person.sees(sample.texts[1] as string);
    expect(person.complaints).toEqual([]);
    // The fonts, which lie in the file, count as requests here.
    expect(requests.filter((url) => !/^(?:file|data):/u.test(url))).toEqual([]);
  } finally {
    await person.leave();
  }
});

test('nothing was asked of any network, and the policy was kept', () => {
  expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('blob:'))).toEqual([]);
  expect(new Set(asked.filter((url) => url.startsWith('file:'))).size).toBe(1);
  expect(complaints).toEqual([]);
});
