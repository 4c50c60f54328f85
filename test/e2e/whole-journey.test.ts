import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Download } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loopbackConfig } from '../support/box-process.ts';
import { wordsBelow, wordsIn } from '../support/canary.ts';
import { freePort } from '../support/free-port.ts';
import { FreshClone } from '../support/fresh-clone.ts';
import { processTree, wordsInMemory } from '../support/memory.ts';
import { laptop, Person } from '../support/person.ts';
import { RecordingProxy } from '../support/recording-proxy.ts';
import { decodedBy, meet, type ThreePeople } from '../support/three-people.ts';
import { selfSigned } from '../support/tls-material.ts';
import { until } from '../support/until.ts';

/**
 * The whole of it, as people live it: `npm start` in a fresh clone, a mission of two parties, a
 * talk, a call, a file, a board, the vote to end it, one record for both, the wipe, and an
 * auditor who trusts nobody. Each chapter begins where the last one ended.
 */
const canaries = {
  mission: 'Marrowgate after the flood',
  colleague: 'Ottoline Fairwether',
  message: 'The bridge at Wolfram Mill is open again.',
  file: 'Quillhollow wells.txt',
  content: 'The cistern at Ambergate is dry.',
};
const passphrase = 'seven dry blankets on a warm roof';
const pictures = fileURLToPath(new URL('../../build/pictures', import.meta.url));
const run = promisify(execFile);

let clone: FreshClone;
let proxy: RecordingProxy;
let people: ThreePeople;
/** What the parties and the auditor keep. */
let kept: string;

async function picture(person: Person, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await person.page.screenshot({ path: `${pictures}/${name}.png`, animations: 'disabled' });
}

async function saved(person: Person, button: string, as: string): Promise<string> {
  const downloading: Promise<Download> = person.page.waitForEvent('download');
  await person.press(button);
  const path = join(kept, as);
  await (await downloading).saveAs(path);
  return path;
}

async function confirm(person: Person, button: string): Promise<void> {
  await person.page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click();
}

const hashOf = (path: string): string =>
  createHash('sha512').update(readFileSync(path)).digest('hex');

beforeAll(async () => {
  clone = await FreshClone.make();
  kept = join(clone.directory, '..', 'kept');
  await mkdir(kept);
  const config = {
    ...loopbackConfig,
    gateway: { httpsPort: await freePort(), httpPort: 0 },
    teardown: { farewellSeconds: 20 },
  };
  const origin = await clone.start(config);
  proxy = new RecordingProxy(Number(new URL(origin).port), selfSigned());
  const before = `https://127.0.0.1:${await proxy.start()}`;
  people = await meet(before, canaries);
}, 12 * 60_000);

afterAll(async () => {
  for (const person of Object.values(people ?? {}) as Person[]) await person.leave();
  await proxy?.stop();
  await clone?.remove();
}, 60_000);

describe('a mission from npm start to the auditor', () => {
  test('they talk, call each other, share a file and draw', async () => {
    const { blue, colleague, red } = people;
    await blue.says(canaries.message);
    for (const person of [red, colleague]) await person.sees(canaries.message);
    await red.press('Start call');
    await red.page.getByRole('menuitem', { name: 'Call one person', exact: true }).click();
    await red.press('Video call Noor');
    await blue.press('Accept with video');
    for (const person of [red, blue]) {
      await until(
        'both see and hear',
        async () => {
          const { energies, frames } = await decodedBy(person);
          return frames.some((count) => count > 10) && energies.length > 0;
        },
        30_000,
      );
    }
    await blue.press('Leave call');
    for (const person of [red, blue]) {
      await person.sees('The call has ended.');
      await person.press('Back');
    }
    const path = join(kept, canaries.file);
    await writeFile(path, `${canaries.content}\n`.repeat(4000));
    const choosing = blue.page.waitForEvent('filechooser');
    await blue.press('Attach');
    await blue.page.getByRole('menuitem', { name: 'File', exact: true }).click();
    await (await choosing).setFiles(path);
    await blue.page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
    await red.sees(canaries.file);
    await red.press('Attach');
    await red.page.getByRole('menuitem', { name: 'Board', exact: true }).click();
    const canvas = red.page.locator('.excalidraw canvas.interactive');
    await canvas.waitFor({ timeout: 30_000 });
    await red.page.getByRole('radio', { name: 'Rectangle' }).first().click({ force: true });
    await red.page.mouse.move(500, 300);
    await red.page.mouse.down();
    await red.page.mouse.move(640, 400, { steps: 5 });
    await red.page.mouse.up();
    await red.sees('Saved in the history');
    await red.press('Back');
  });

  test('Red’s lead asks to end it; with one vote of two nothing ends', async () => {
    const { blue, colleague, red } = people;
    await red.page.getByRole('link', { name: /^Mission/ }).click();
    await red.press('Propose to close the mission');
    await confirm(red, 'Vote yes');
    await red.sees('One more yes decides');
    await blue.says('Still here.');
    await colleague.sees('Still here.');
  });

  test('with Blue’s vote it closes, and every device makes its last sync', async () => {
    const { blue, colleague, red } = people;
    await blue.page.getByRole('link', { name: /^Mission/ }).click();
    await blue.press(/1 open vote/);
    await blue.button('Vote yes').waitFor();
    await picture(blue, 'vote-close');
    await blue.press('Vote yes');
    await confirm(blue, 'Vote yes');
    await blue.sees('Passed');
    for (const person of [red, blue]) {
      await person.page.getByRole('link', { name: /^Mission/ }).click();
      await person.press(/Your record is ready/);
    }
    await colleague.sees('The mission is closed.');
  });

  test('both parties save the same bytes, check them, keep their keys, and sign', async () => {
    const { blue, red } = people;
    const hashes: string[] = [];
    for (const [person, party] of [
      [red, 'red'],
      [blue, 'blue'],
    ] as const) {
      hashes.push(hashOf(await saved(person, 'Save record', `${party}.tar`)));
      await person.sees(/signatures hold/);
    }
    expect(new Set(hashes).size).toBe(1);
    await red.press('Save your keys');
    await red.type('Passphrase', passphrase);
    await red.type('Passphrase again', passphrase);
    await saved(red, 'Save key file', 'red.keys');
    await red.press('Sign receipt');
    await confirm(red, 'Sign receipt');
    await red.sees('Signed: Red has the whole record.');
    await red.sees('Nothing is erased yet');
    await picture(red, 'teardown');
    expect(existsSync(join(clone.data, 'mission', 'swarms'))).toBe(true);
    await blue.press('Sign receipt');
    await confirm(blue, 'Sign receipt');
  });

  test('then the box is empty, says so with its signature, and is ready for others', async () => {
    const { blue, red } = people;
    const key = join(clone.data, 'box', 'box-key.pem');
    const before = hashOf(key);
    for (const person of [red, blue]) await person.sees('The box is empty');
    await picture(red, 'certificate');
    await saved(red, 'Save certificate', 'certificate.json');
    for (const gone of ['mission', 'founding']) expect(readdirSync(clone.data)).not.toContain(gone);
    await until(
      'the box has another identity',
      () =>
        existsSync(key) && hashOf(key) !== before && !existsSync(join(clone.data, 'teardown.json')),
      60_000,
    );
    await blue.press('Leave the mission');
    await confirm(blue, 'Leave the mission');
    await until(
      'the box answers again',
      () =>
        blue.page.reload().then(
          () => true,
          () => false,
        ),
      30_000,
    );
    await blue.sees('Found a mission');
  });

  test('an auditor who trusts nobody: npm run verify says that everything holds (S148)', async () => {
    const papers = [join(kept, 'red.tar'), join(kept, 'certificate.json')];
    const told = await clone.npmRun('verify', papers);
    expect(told.text).toMatch(/\d+ of \d+/u);
    expect(told.code, told.text).toBe(0);
  });

  test('stock tar and git agree: every conversation clones, is sound, and every signature is good', async () => {
    const open = join(kept, 'open');
    await mkdir(open);
    await run('tar', ['-xf', join(kept, 'red.tar'), '-C', open]);
    const bundles = readdirSync(join(open, 'swarms'));
    expect(bundles.length).toBeGreaterThanOrEqual(2);
    for (const bundle of bundles) {
      const copy = join(kept, bundle.replace('.bundle', ''));
      await run('git', ['clone', '--quiet', join(open, 'swarms', bundle), copy]);
      await run('git', ['-C', copy, 'fsck', '--strict']);
      const signers = `gpg.ssh.allowedSignersFile=${join(open, 'allowed_signers')}`;
      const log = ['-C', copy, '-c', signers, 'log', '--all', '--format=%H %G?'];
      const { stdout } = await run('git', log, { maxBuffer: 64 * 1024 * 1024 });
      const lines = stdout.trim().split('\n');
      expect(lines.filter((line) => !/^[0-9a-f]{40} G$/u.test(line))).toEqual([]);
    }
  });

  test('the reader in the record opens it without a network, with the keys of one party', async () => {
    const reader = await Person.arrive('the auditor', laptop);
    const asked: string[] = [];
    reader.page.on('request', (request) => asked.push(request.url()));
    const address = pathToFileURL(join(kept, 'open', 'reader.html')).href;
    await reader.open(address);
    const papers = ['red.tar', 'red.keys', 'certificate.json'].map((name) => join(kept, name));
    const choosing = reader.page.waitForEvent('filechooser');
    await reader.page.getByText('Open record', { exact: true }).click();
    await (await choosing).setFiles(papers);
    await reader.page.getByLabel('Passphrase').fill(passphrase);
    await reader.press('Unlock');
    await reader.page.getByRole('searchbox').fill('Wolfram');
    await reader.page
      .getByText(/The bridge at/u)
      .first()
      .waitFor();
    await reader.sees('All signatures hold');
    await picture(reader, 'reader');
    expect(asked.filter((url) => !/^(?:file|blob|data):/u.test(url))).toEqual([]);
    await reader.leave();
  });

  test('the box never knew the words: not on disk, not in memory, not on its sockets', () => {
    const words = Object.values(canaries);
    expect(wordsBelow(clone.data, words)).toEqual([]);
    expect(wordsIn(proxy.recorded(), words)).toEqual([]);
    for (const pid of processTree(clone.child?.pid ?? 0)) {
      expect(wordsInMemory(pid, words)).toEqual([]);
    }
    // The same search finds them where they may be.
    expect(wordsBelow(kept, [canaries.content])).not.toEqual([]);
  });
});
