import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import { IsolatedNetwork } from '../support/isolated-network.ts';
import { laptop, Person } from '../support/person.ts';
import { decodedBy, recordConnections, type Decoded } from '../support/three-people.ts';
import { until } from '../support/until.ts';

/** Two leads on a Wi-Fi that keeps its guests apart: only the box reaches both. */
const network = new IsolatedNetwork();
let folder: string;
let box: BoxProcess;
let red: Person;
let blue: Person;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-apart-'));
  network.start();
  for (const name of ['red', 'blue']) network.join(name);
  const inside = network.wrap('box', process.execPath, folder);
  box = await BoxProcess.start({ listen: 'lan' }, undefined, inside);
  const browser = (name: string) => network.wrap(name, '/usr/bin/chromium', folder);
  red = await Person.arrive('Red’s lead', laptop, browser('red'));
  blue = await Person.arrive('Blue’s lead', laptop, browser('blue'));
  for (const person of [red, blue]) await person.page.addInitScript(recordConnections);
});

afterAll(async () => {
  await red?.leave();
  await blue?.leave();
  await box?.remove();
  network.stop();
  await rm(folder, { recursive: true, force: true });
});

async function takeParty(lead: Person, party: string, name: string): Promise<void> {
  await lead.page.getByRole('radio', { name: new RegExp(party) }).check({ force: true });
  await lead.type('Your name', name);
  await lead.press('We are this party');
  await lead.press('Make party key');
}

test('a call whose ends cannot reach each other goes through the box', async () => {
  const origin = (await box.origin()).replace('127.0.0.1', network.boxAddress);
  // In a network only the code on the box's console lets somebody found.
  await red.open(`${origin}/${/#\/j\/\S+/.exec(box.stdout)?.[0] ?? ''}`);
  await red.press('Found a mission');
  await red.type('Mission name', 'Flood response');
  await red.type('Purpose', 'Coordinate help after the flood.');
  for (const [n, name] of ['Red', 'Blue'].entries()) {
    await red.type(`Name of party ${n + 1}`, name);
    await red.type(`Code of party ${n + 1}`, name.slice(0, 1));
  }
  await red.press('Propose mission');
  await takeParty(red, 'Red', 'Alice');
  await red.press('Show join code for Blue');
  await blue.open(
    (
      await red.page
        .getByText(/https:\/\/[^ ]*#\/j\//)
        .first()
        .innerText()
    ).trim(),
  );
  await red.press('Close');
  await takeParty(blue, 'Blue', 'Noor');
  for (const lead of [red, blue]) await lead.press('It matches');
  for (const lead of [red, blue]) {
    await lead.type(/^Type SIGN/, 'SIGN');
    await lead.press('Sign the charter');
  }
  for (const lead of [red, blue]) await lead.press('Open chats');
  for (const lead of [red, blue]) await lead.page.getByText('All parties').first().click();
  await red.says('Can you hear me?');
  await blue.sees('Can you hear me?');

  await red.press('Start call');
  await red.page.getByRole('menuitem', { name: 'Video call', exact: true }).click();
  await blue.press('Accept with video');
  for (const lead of [red, blue]) {
    await until(
      `${lead.name} sees and hears the other`,
      async () => {
        const { energies, frames } = await decodedBy(lead);
        return (frames[0] ?? 0) > 10 && (energies[0] ?? 0) > 0.001;
      },
      30_000,
    );
    expect((await decodedBy(lead)).ways).toContain('relay');
    await lead.sees('Through the box');
  }
});

test('the call is back within seconds after the relay’s process was killed', async () => {
  const relays = [...(await box.children())].filter(([, line]) => /relay\/process/.test(line));
  expect(relays).toHaveLength(1);
  process.kill(relays[0]?.[0] ?? 0, 'SIGKILL');
  const way = (lead: Person) => lead.page.getByText('Through the box');
  for (const lead of [red, blue]) await way(lead).waitFor({ state: 'detached', timeout: 10_000 });
  const before = await Promise.all([red, blue].map(decodedBy));
  for (const [place, lead] of [red, blue].entries()) {
    await until(
      `${lead.name} sees and hears the other again`,
      async () => {
        const { energies, frames } = await decodedBy(lead);
        const { energies: oldEnergies, frames: oldFrames } = before[place] as Decoded;
        const isSeen = (frames[0] ?? 0) > (oldFrames[0] ?? 0) + 10;
        return isSeen && (energies[0] ?? 0) > (oldEnergies[0] ?? 0) + 0.001;
      },
      20_000,
    );
    await way(lead).waitFor();
  }
});
