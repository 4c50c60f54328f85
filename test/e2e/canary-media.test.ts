import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import { wordsBelow, wordsIn } from '../support/canary.ts';
import { processTree, wordsInMemory } from '../support/memory.ts';
import type { Person } from '../support/person.ts';
import { RecordingProxy } from '../support/recording-proxy.ts';
import { meet, type ThreePeople } from '../support/three-people.ts';
import { selfSigned } from '../support/tls-material.ts';
import { until } from '../support/until.ts';

/**
 * A file and a board behind a proxy that keeps all that the box gets to see; afterwards the box's
 * disk, memory and sockets are searched. That the search finds what is there, the first mission shows.
 */
const canaries = {
  name: 'Thistlewick wells',
  content: 'The cistern at Ambergate is dry. ',
  drawn: 'Ford below Larkspur',
};

let box: BoxProcess;
let proxy: RecordingProxy;
let people: ThreePeople;

beforeAll(async () => {
  box = await BoxProcess.start();
  proxy = new RecordingProxy(Number(new URL(await box.origin()).port), selfSigned());
  people = await meet(`https://127.0.0.1:${await proxy.start()}`);
});

afterAll(async () => {
  for (const person of Object.values(people ?? {}) as Person[]) await person.leave();
  await proxy?.stop();
  await box?.remove();
});

async function attach(person: Person, kind: 'File' | 'Board'): Promise<void> {
  await person.press('Attach');
  await person.page.getByRole('menuitem', { name: kind, exact: true }).click();
}

test('a file goes from one to the other', async () => {
  const { blue, red } = people;
  const path = join(box.directory, `${canaries.name}.txt`);
  await writeFile(path, canaries.content.repeat(60_000));
  const choosing = blue.page.waitForEvent('filechooser');
  await attach(blue, 'File');
  await (await choosing).setFiles(path);
  await blue.page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await red.sees(`${canaries.name}.txt`);
  await red.press('Get file');
  await red.page.locator('[data-file="here"]').waitFor({ timeout: 60_000 });
});

test('words that one writes on the board are read by the other, and saved', async () => {
  const { blue, red } = people;
  for (const person of [red, blue]) {
    await attach(person, 'Board');
    await person.page.locator('.excalidraw canvas.interactive').waitFor({ timeout: 30_000 });
  }
  await red.page.getByRole('radio', { name: 'Text' }).first().click({ force: true });
  await red.page.locator('.excalidraw canvas.interactive').click({ position: { x: 400, y: 300 } });
  await red.page.keyboard.type(canaries.drawn);
  await red.page.keyboard.press('Escape');
  const objects = blue.page.getByRole('list', { name: 'Objects' });
  await until(
    'the words are there',
    async () => (await objects.innerText()).includes(canaries.drawn),
    30_000,
  );
  await red.sees('Saved in the history');
});

test('the box knows none of it: not on disk, not in memory, not on its sockets', () => {
  const words = Object.values(canaries);
  expect(wordsBelow(join(box.directory, 'data'), words)).toEqual([]);
  expect(wordsBelow(box.directory, words)).not.toEqual([]);
  // What passed is here: the file alone has nearly two million bytes.
  expect(proxy.recorded().length).toBeGreaterThan(2 * 60_000 * canaries.content.length);
  expect(wordsIn(proxy.recorded(), words)).toEqual([]);
  for (const pid of processTree(box.child.pid ?? 0)) expect(wordsInMemory(pid, words)).toEqual([]);
});
