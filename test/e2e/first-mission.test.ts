import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import { wordsBelow, wordsIn } from '../support/canary.ts';
import { processTree, wordsInMemory } from '../support/memory.ts';
import { laptop, Person, phone } from '../support/person.ts';
import { RecordingProxy } from '../support/recording-proxy.ts';
import { selfSigned } from '../support/tls-material.ts';
import { until } from '../support/until.ts';

/**
 * The first mission as people live it: each person has a browser profile of their own, and the
 * next chapter begins where the last one ended. A proxy that ends TLS stands before the box and
 * keeps all that the box gets to see; the last chapter searches there, on disk and in memory.
 */
const canaries = {
  mission: 'Flood response Marrowgate',
  party: 'Redhaven Aid',
  person: 'Ottoline Fairwether',
  title: 'Blankets for Quillhollow',
  message: 'The bridge at Wolfram Mill is open again.',
};

const pictures = fileURLToPath(new URL('../../build/pictures', import.meta.url));

let box: BoxProcess;
let proxy: RecordingProxy;
let origin: string;
let red: Person;
let blue: Person;
let colleague: Person;
/** What Red’s lead shows to Blue’s. */
let joinCode: string;

async function picture(person: Person, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await person.page.screenshot({ path: `${pictures}/${name}.png`, animations: 'disabled' });
}

/** The address that a screen shows below its QR code. */
async function shownAddress(person: Person): Promise<string> {
  const line = person.page.getByText(/https:\/\/[^ ]*#\/j\//).first();
  return (await line.innerText()).trim();
}

beforeAll(async () => {
  box = await BoxProcess.start();
  proxy = new RecordingProxy(Number(new URL(await box.origin()).port), selfSigned());
  origin = `https://127.0.0.1:${await proxy.start()}`;
});

afterAll(async () => {
  for (const person of [red, blue, colleague]) await person?.leave();
  await proxy?.stop();
  await box?.remove();
});

/** The mission that the box carries, as it tells everybody. */
async function missionOnTheBox(): Promise<string | undefined> {
  return (await box.json<{ mission?: string }>('/v1/box')).mission;
}

/** The address of the terminal's QR code, as somebody behind the recording proxy opens it. */
function codeOnTheBox(): string {
  const printed = /https:\/\/\S+#\/j\/\S+/.exec(box.stdout)?.[0];
  if (printed === undefined) throw new Error('the box printed no address');
  return `${origin}/${new URL(printed).hash}`;
}

describe('the first mission', () => {
  test('Red’s lead proposes a mission and shows a code for Blue', async () => {
    red = await Person.arrive('Red’s lead', laptop);
    await red.open(codeOnTheBox());
    await red.press('Found a mission');
    await red.type('Mission name', canaries.mission);
    await red.type('Purpose', 'Coordinate help after the flood.');
    await red.type('Name of party 1', canaries.party);
    await red.type('Code of party 1', 'R');
    await red.type('Name of party 2', 'Blue');
    await red.type('Code of party 2', 'B');
    await picture(red, 'propose');
    await red.press('Propose mission');
    await red.page.getByRole('radio', { name: new RegExp(canaries.party) }).check({ force: true });
    await red.type('Your name', 'Alice');
    await red.press('We are this party');
    await red.press('Make party key');
    await red.press('Show join code for Blue');
    joinCode = await shownAddress(red);
    expect(joinCode).toContain(`${origin}/`);
    await red.press('Close');
  });

  test('Blue’s lead joins as the second party, and both see the same safety code', async () => {
    blue = await Person.arrive('Blue’s lead', phone);
    await blue.open(joinCode);
    await blue.sees(canaries.mission);
    await blue.page.getByRole('radio', { name: /Blue/ }).check({ force: true });
    await blue.type('Your name', 'Noor');
    await picture(blue, 'choose-party');
    await blue.press('We are this party');
    await blue.press('Make party key');
    await red.sees('Read it aloud together');
    await blue.sees('Read it aloud together');
    const digits = async (person: Person) =>
      (await person.page.locator('main').innerText()).match(/(?:\d{4}\s+){4}\d{4}/)?.[0];
    const code = await digits(red);
    expect(code).toMatch(/\d{4}/);
    expect(await digits(blue)).toBe(code);
    await picture(blue, 'safety-code');
  });

  test('neither can found the mission alone; when both have signed, it exists', async () => {
    for (const person of [red, blue]) await person.press('It matches');
    await red.type(/^Type SIGN/, 'SIGN');
    await red.press('Sign the charter');
    await red.sees(/Waiting for/);
    expect(await missionOnTheBox()).toBeUndefined();
    await picture(blue, 'sign');
    await blue.type(/^Type SIGN/, 'SIGN');
    await blue.press('Sign the charter');
    for (const person of [red, blue]) await person.sees('The mission is founded');
    await picture(red, 'founded');
    expect(await missionOnTheBox()).toMatch(/^[a-z2-7]{52}$/);
  });

  test('Red’s lead invites a colleague, who reads six digits aloud and is let in', async () => {
    await red.press('Invite your people');
    await red.press('Make invitation');
    await picture(red, 'invite');
    colleague = await Person.arrive('Red’s colleague', phone);
    await colleague.open(await shownAddress(red));
    await colleague.sees(`${canaries.party} invites you to ${canaries.mission}`);
    expect(colleague.page.url()).not.toContain('#/j/');
    await colleague.type('Your name', canaries.person);
    await picture(colleague, 'join');
    await colleague.press('Join');
    await colleague.sees('Read these digits to the lead');
    const read = (await colleague.page.locator('main').innerText()).match(/\d{3}\s?\d{3}/)?.[0];
    await red.page.getByRole('link', { name: /^Chats/ }).click();
    await red.press(new RegExp(`${canaries.person} wants to join your party`));
    await red.sees(new RegExp((read ?? 'no digits').replace(/\s/, '\\s?')));
    await picture(red, 'admit');
    await red.press('It matches');
    await colleague.sees('All parties');
  });

  test('the three talk in the room of all parties', async () => {
    for (const person of [red, colleague]) {
      await person.page.getByText('All parties').first().click();
    }
    await blue.press('Open chats');
    await blue.page.getByText('All parties').first().click();
    await red.says(canaries.message);
    for (const person of [blue, colleague]) await person.sees(canaries.message);
    await blue.says('We send two boats (1).');
    await colleague.says('I count blankets (2).');
    for (const person of [red, blue, colleague]) {
      await person.sees('We send two boats (1).');
      await person.sees('I count blankets (2).');
    }
    await picture(red, 'chat');
    await picture(blue, 'chat-phone');
  });

  test('Red’s lead closes the laptop, the others go on, the lead returns and catches up', async () => {
    await red.closeBrowser();
    await blue.says('The school has room for 40 (3).');
    await colleague.says('Then I bring 40 blankets (4).');
    await blue.sees('Then I bring 40 blankets (4).');
    await red.openBrowser();
    await red.open(origin);
    await red.page.getByText('All parties').first().click();
    await red.sees('The school has room for 40 (3).');
    await red.sees('Then I bring 40 blankets (4).');
  });

  test('the colleague writes without the box, comes back, and nothing is lost or doubled', async () => {
    await colleague.goOffline(true);
    await colleague.sees('No link to the box');
    await colleague.says('Written in the cellar (5).');
    await colleague.says('Still in the cellar (6).');
    await colleague.sees('Kept on this phone. Sent when the box is back.');
    await picture(colleague, 'offline');
    await blue.says('Written meanwhile (7).');
    await colleague.goOffline(false);
    for (const person of [red, blue, colleague]) {
      await person.sees('Still in the cellar (6).');
      await person.sees('Written meanwhile (7).');
      await until('every message stands there once', async () => {
        const heard = await person.hears(/\(\d\)\.$/);
        const numbers = heard.map((text) => Number(text.at(-3))).toSorted((a, b) => a - b);
        return numbers.join('') === '1234567';
      });
    }
  });

  test('a second room has a sealed title that the others see', async () => {
    await red.press('New conversation');
    await red.type('Title', canaries.title);
    await red.press('Create');
    await red.says('Lists go here.');
    await blue.page.getByRole('button', { name: 'Back', exact: true }).click();
    await blue.sees(canaries.title);
    await picture(blue, 'chats-phone');
  });

  test('everybody sees who is there, and the safety code again', async () => {
    await red.page.getByRole('link', { name: /^People/ }).click();
    await red.sees('Noor');
    await red.sees(canaries.person);
    await picture(red, 'people');
    await red.page.getByRole('link', { name: /^Mission/ }).click();
    await red.sees(canaries.mission);
    await picture(red, 'mission');
  });

  test('the browsers had nothing to complain about', () => {
    for (const person of [red, blue, colleague]) expect(person.complaints).toEqual([]);
  });

  test('the box knows none of the words: not on disk, not in memory, not on its sockets', () => {
    const words = Object.values(canaries);
    expect(wordsBelow(join(box.directory, 'data'), words)).toEqual([]);
    expect(wordsIn(proxy.recorded(), words)).toEqual([]);
    for (const pid of processTree(box.child.pid ?? 0))
      expect(wordsInMemory(pid, words)).toEqual([]);
  });

  test('the search would have found them: a planted word is found in all three places', async () => {
    const planted = 'Plantedkanarienvogel';
    await fetchIgnoringAnswer(`${origin}/v1/${planted}`);
    expect(wordsIn(proxy.recorded(), [planted])).toEqual([planted]);
    copyFileSync(fileURLToPath(import.meta.url), join(box.directory, 'data', planted));
    expect(wordsBelow(join(box.directory, 'data'), [planted])).not.toEqual([]);
    const holder = spawn(process.execPath, ['-e', holdsAWord], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    holder.stdin.end(planted);
    await once(holder.stdout, 'data');
    expect(wordsInMemory(holder.pid ?? 0, [planted])).toEqual([planted]);
    holder.kill();
  });
});

/** A process that keeps in memory what it is told, so that it stands in no command line. */
const holdsAWord = `process.stdin.once('data', (word) => {
  globalThis.kept = word.toString();
  process.stdout.write('kept');
}); setInterval(() => globalThis.kept, 1000);`;

async function fetchIgnoringAnswer(address: string): Promise<void> {
  await red.page.evaluate(async (at) => void (await fetch(at)), address);
}
