import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import type { Person } from '../support/person.ts';
import { decodedBy, meet, type Decoded, type ThreePeople } from '../support/three-people.ts';
import { until } from '../support/until.ts';

/** Calls as people make them; what the browsers have decoded is asked of the browsers themselves. */
const pictures = fileURLToPath(new URL('../../build/pictures', import.meta.url));

let box: BoxProcess;
let people: ThreePeople;

beforeAll(async () => {
  box = await BoxProcess.start();
  people = await meet(await box.origin());
});

afterAll(async () => {
  for (const person of Object.values(people ?? {}) as Person[]) await person.leave();
  await box?.remove();
});

async function picture(person: Person, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await person.page.screenshot({ path: `${pictures}/${name}.png`, animations: 'disabled' });
}

async function choose(person: Person, item: string): Promise<void> {
  await person.press('Start call');
  await person.page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** Waits until a browser has decoded so many pictures and sounds, and more of them a moment later. */
async function seesAndHears(person: Person, others: number): Promise<Decoded> {
  const enough = async (): Promise<Decoded | undefined> => {
    const decoded = await decodedBy(person);
    const isSeen = decoded.frames.filter((count) => count > 10).length >= others;
    return isSeen && decoded.energies.length >= others ? decoded : undefined;
  };
  const first = await until(`${person.name} sees and hears ${others}`, enough, 30_000);
  return until('more pictures come', async () => {
    const now = await enough();
    const grown = now?.frames.filter((count, at) => count > (first.frames[at] ?? 0)) ?? [];
    return grown.length >= others ? now : undefined;
  });
}

async function decodesNothing(person: Person): Promise<void> {
  await until(`${person.name} decodes nothing`, async () => {
    const { energies, frames } = await decodedBy(person);
    return frames.length + energies.length === 0;
  });
}

describe('a call between two leads', () => {
  test('rings at the other, is taken with video, and both see and hear each other', async () => {
    const { blue, red } = people;
    await choose(red, 'Call one person');
    await red.press('Video call Noor');
    await red.sees(/Ringing on 1 device/);
    await blue.sees('Video call');
    await picture(blue, 'call-incoming');
    await blue.press('Accept with video');
    for (const person of [red, blue]) {
      const { ways } = await seesAndHears(person, 1);
      expect(ways).not.toContain('relay');
    }
    for (const person of [red, blue]) await person.sees('Direct');
    await picture(red, 'call-one-to-one');
  });

  test('ends at both when one hangs up, and the log says that it was', async () => {
    const { blue, colleague, red } = people;
    await blue.press('Leave call');
    for (const person of [red, blue]) await person.sees('The call has ended.');
    for (const person of [red, blue]) {
      await decodesNothing(person);
      await person.press('Back');
    }
    await colleague.sees('Call, 1 minute');
  });

  test('is over for the caller when the other declines', async () => {
    const { blue, red } = people;
    await choose(red, 'Call one person');
    await red.press('Call Noor');
    await blue.press('Decline');
    await red.sees('Noor declined the call.');
    await red.press('Back');
  });
});

describe('a conference of three', () => {
  test('is joined by all, and everybody sees and hears the two others', async () => {
    const { blue, colleague, red } = people;
    for (const [place, person] of [red, blue, colleague].entries()) {
      await choose(person, place === 0 ? 'Start conference' : 'Join conference');
      for (const name of ['Microphone', 'Camera']) await person.press(name);
      await person.press('Join call');
      for (const early of [red, blue, colleague].slice(0, place + 1)) {
        if (place > 0) await seesAndHears(early, place);
      }
    }
    await picture(red, 'conference');
    await picture(colleague, 'conference-phone');
  });

  test('goes on for two when the third leaves, who decodes nothing more', async () => {
    const { blue, colleague, red } = people;
    await colleague.press('Leave call');
    await colleague.sees('The call has ended.');
    await decodesNothing(colleague);
    for (const person of [red, blue]) {
      await person.sees(/^2 people/);
      await seesAndHears(person, 1);
    }
  });

  test('is back within seconds after the SFU’s worker was killed', async () => {
    const { blue, red } = people;
    const workers = [...(await box.children())].filter(([, line]) => /mediasoup-worker/.test(line));
    expect(workers).toHaveLength(1);
    process.kill(workers[0]?.[0] ?? 0, 'SIGKILL');
    for (const person of [red, blue]) await person.sees('Line lost. Trying again.');
    for (const person of [red, blue]) await seesAndHears(person, 1);
    for (const person of [red, blue]) await person.press('Leave call');
  });
});
