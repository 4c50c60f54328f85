import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import { FirefoxPerson } from '../support/firefox-person.ts';
import { Person } from '../support/person.ts';
import { type Asked, type Decoded, decodedBy, recordConnections } from '../support/three-people.ts';
import { until } from '../support/until.ts';

/** Two leads whose browsers are of different makers: Red’s is Chromium, Blue’s is Firefox. */
const pictures = fileURLToPath(new URL('../../build/pictures', import.meta.url));

let box: BoxProcess;
let red: Person;
let blue: FirefoxPerson;

beforeAll(async () => {
  box = await BoxProcess.start();
  [red, blue] = await Promise.all([
    Person.arrive('Red’s lead'),
    FirefoxPerson.arrive('Blue’s lead', await box.origin()),
  ]);
  await red.page.addInitScript(recordConnections);
  await blue.page.evaluateOnNewDocument(recordConnections);
});

afterAll(async () => {
  await red?.leave();
  await blue?.leave();
  await box?.remove();
});

/** The other’s picture and sound as they stand in the page. */
interface Shown {
  /** Width of each moving picture, the person’s own among them. */
  widths: number[];
  /** Voices that play, and loud. */
  voices: number;
}

function shown(): Promise<Shown> {
  const voices = [...document.querySelectorAll('audio')].filter((one) => {
    return one.srcObject !== null && !one.muted && !one.paused;
  });
  const widths = [...document.querySelectorAll('video')].map(({ videoWidth }) => videoWidth);
  return Promise.resolve({ widths, voices: voices.length });
}

function showsTo(person: Person | FirefoxPerson): Promise<Shown> {
  return person instanceof Person ? person.page.evaluate(shown) : person.page.evaluate(shown);
}

/** Waits for the preview: whoever joins before the camera is open joins without it. */
async function seesThemself(person: Person | FirefoxPerson): Promise<void> {
  await until(
    'the preview moves',
    async () => ((await showsTo(person)).widths[0] ?? 0) > 0,
    20_000,
  );
}

/** Waits until a browser has decoded the other’s picture and sound, and more a moment later. */
async function seesAndHears(person: Asked & { name: string }): Promise<void> {
  const enough = async (): Promise<Decoded | undefined> => {
    const decoded = await decodedBy(person);
    return (decoded.frames[0] ?? 0) > 10 && (decoded.energies[0] ?? 0) > 0.001
      ? decoded
      : undefined;
  };
  const first = await until(`${person.name} sees and hears the other`, enough, 30_000);
  await until('more comes', async () => {
    const { energies, frames } = await decodedBy(person);
    const more = (now: number[], before: number[]) => (now[0] ?? 0) > (before[0] ?? 0);
    return more(frames, first.frames) && more(energies, first.energies);
  });
}

describe('Chromium with Firefox', () => {
  test('the two leads found a mission', async () => {
    await red.open(await box.origin());
    await red.press('Found a mission');
    await red.type('Mission name', 'Flood response');
    await red.type('Purpose', 'Coordinate help after the flood.');
    for (const [n, name] of ['Red', 'Blue'].entries()) {
      await red.type(`Name of party ${n + 1}`, name);
      await red.type(`Code of party ${n + 1}`, name.slice(0, 1));
    }
    await red.press('Propose mission');
    await red.page.getByRole('radio', { name: /Red/ }).check({ force: true });
    await red.type('Your name', 'Alice');
    await red.press('We are this party');
    await red.press('Make party key');
    await red.press('Show join code for Blue');
    const line = red.page.getByText(/https:\/\/[^ ]*#\/j\//).first();
    await blue.open((await line.innerText()).trim());
    await red.press('Close');
    await blue.choose('Blue');
    await blue.type('Your name', 'Noor');
    await blue.press('We are this party');
    await blue.press('Make party key');
    for (const lead of [red, blue]) await lead.press('It matches');
    await red.type(/^Type SIGN/, 'SIGN');
    await blue.type('Type SIGN', 'SIGN');
    for (const lead of [red, blue]) await lead.press('Sign the charter');
    for (const lead of [red, blue]) await lead.sees('The mission is founded');
  });

  test('they read what the other writes', async () => {
    for (const lead of [red, blue]) await lead.press('Open chats');
    await red.page.getByText('All parties').first().click();
    await blue.pressWords('All parties');
    await red.says('The bridge is open.');
    await blue.sees('The bridge is open.');
    await blue.says('We send two boats.');
    await red.sees('We send two boats.');
  });

  test('in a conference each decodes the picture and the voice of the other', async () => {
    await red.press('Start call');
    await red.page.getByRole('menuitem', { name: 'Start conference', exact: true }).click();
    for (const name of ['Microphone', 'Camera']) await red.press(name);
    await seesThemself(red);
    await red.press('Join call');
    await blue.press('Start call');
    await blue.press('Join conference', 'menuitem');
    for (const name of ['Microphone', 'Camera']) await blue.press(name);
    await seesThemself(blue);
    await blue.press('Join call');
    await Promise.all([seesAndHears(red), seesAndHears(blue)]);
    mkdirSync(pictures, { recursive: true });
    await blue.page.screenshot({ path: `${pictures}/conference-firefox.png` });
    for (const person of [red, blue]) {
      await until(`${person.name} is shown the other and themself`, async () => {
        const { voices, widths } = await showsTo(person);
        return voices === 1 && widths.length === 2 && Math.min(...widths) > 0;
      });
    }
  });

  test('the browsers had nothing to complain about', () => {
    for (const person of [red, blue]) expect(person.complaints).toEqual([]);
  });
});
