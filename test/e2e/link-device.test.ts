import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import { Person, phone } from '../support/person.ts';
import { meet, type ThreePeople } from '../support/three-people.ts';

/** Red's lead takes a phone as well: her laptop links it, and later retires it. */
const pictures = fileURLToPath(new URL('../../build/pictures', import.meta.url));

let box: BoxProcess;
let people: ThreePeople;
let second: Person;

beforeAll(async () => {
  box = await BoxProcess.start();
  people = await meet(await box.origin());
});

afterAll(async () => {
  for (const person of [...(Object.values(people ?? {}) as Person[]), second]) {
    await person?.leave();
  }
  await box?.remove();
});

async function picture(person: Person, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await person.page.screenshot({ path: `${pictures}/${name}.png`, animations: 'disabled' });
}

const digits = async ({ page }: Person): Promise<string> =>
  (await page.getByLabel('Six digits of this link').innerText()).trim();

/** The route of a screen, as a bookmark would open it. */
async function go({ page }: Person, route: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, route);
}

describe('a second device of a person', () => {
  test('is missing, and the screen of devices says so', async () => {
    const { red } = people;
    await go(red, '#/me/devices');
    await red.sees('You have one device only');
    await picture(red, 'devices-one');
  });

  test('shows a code that the first one takes; both show the same pictures', async () => {
    const { red } = people;
    second = await Person.arrive('Red’s lead on the phone', phone);
    await second.open(await box.origin());
    await second.press('Link this device');
    await second.page.getByRole('img', { name: 'Code of this device' }).waitFor();
    await picture(second, 'link-code');
    const code = await second.page
      .getByText(/https:\/\/[^ ]*#\/j\//)
      .first()
      .innerText();
    await red.press('Link a device');
    await red.type('Code of the new device', code.trim());
    await picture(red, 'link-take');
    await red.press('Link');
    for (const one of [red, second]) await one.sees('Compare both devices');
    expect(await digits(second)).toMatch(/^\d{6}$/);
    expect(await digits(second)).toBe(await digits(red));
    await picture(red, 'link-compare-old');
    await picture(second, 'link-compare-new');
  });

  test('reads and writes as the same person once it was said on both that they match', async () => {
    const { red, blue } = people;
    await red.press('It matches');
    await red.sees('Say on the other device that it matches');
    await picture(red, 'link-waiting');
    await second.press('It matches');
    await red.sees('The new device is linked');
    await picture(red, 'link-done');
    await red.press('Close');
    await second.page.getByText('All parties').first().click();
    await second.sees('We are three.');
    await second.says('From my phone.');
    await blue.sees('From my phone.');
    await picture(second, 'link-arrived');
    await red.sees('Device 2');
    await picture(red, 'devices-two');
  });

  test('is retired when it is lost', async () => {
    const { red, blue } = people;
    await red.press('Retire device');
    await red.sees('Retire this device?');
    await picture(red, 'devices-retire');
    await red.page.getByRole('dialog').getByRole('button', { name: 'Retire device' }).click();
    await red.sees('You have one device only');
    await go(red, '#/chats');
    await red.page.getByText('All parties').first().click();
    await red.says('The phone is gone.');
    await blue.sees('The phone is gone.');
    await second.page
      .getByText('The box lets this device in no more.')
      .waitFor({ timeout: 60_000 });
    expect(await second.page.getByText('The phone is gone.').count()).toBe(0);
  });
});
