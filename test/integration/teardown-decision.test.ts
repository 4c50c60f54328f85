import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EndBox } from '../support/end-box.ts';
import { closeAll, foundOn, talk, type EndPerson } from '../support/end-people.ts';
import { paperFounding } from '../support/founders.ts';
import { roomOnDisk } from '../support/swarm-box.ts';

const hourMs = 3_600_000;
let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: EndBox;
let people: EndPerson[];
let red: EndPerson;
let blue: EndPerson;
let green: EndPerson;

beforeEach(async () => {
  room = await roomOnDisk();
});
afterEach(async () => {
  await box.close();
  await room.remove();
});

/** A mission of so many parties; the charter lets a majority close it, and waits for 24 hours. */
async function mission(parties: number): Promise<void> {
  box = await EndBox.start(join(room.path, 'data'));
  people = await foundOn(() => box, await paperFounding(parties));
  [red, blue, green] = people as [EndPerson, EndPerson, EndPerson];
  await talk(people, ['one']);
}

async function isWritten(): Promise<boolean> {
  return access(box.path('teardown.json')).then(
    () => true,
    () => false,
  );
}

/** Looks now, whatever the timer does; whether the wipe is decided. */
async function isDecided(): Promise<boolean> {
  await box.teardown.look();
  expect(await isWritten()).toBe(box.decisions > 0);
  return box.decisions > 0;
}

describe('the wipe of two parties', () => {
  beforeEach(() => mission(2));

  test('comes after both receipts, and the journal says what for', async () => {
    await closeAll(people);
    await box.reaches(red.caller, 'ready');
    for (const one of people) await one.agree();
    const first = await red.receipt();
    expect(await isDecided()).toBe(false);
    expect((await box.state(red.caller)).waits).toEqual([blue.caller.party]);
    const second = await blue.receipt();
    expect(await isDecided()).toBe(true);
    expect(box.decisions).toBe(1);
    const journal = JSON.parse(await readFile(box.path('teardown.json'), 'utf8')) as {
      paths: string[];
      secrets: string[];
      findings: { receipts: string[]; commits: string[]; excused: string[] };
    };
    expect(journal.findings.receipts).toEqual([first.sid, second.sid].sort());
    expect(journal.findings.excused).toEqual([]);
    expect(journal.findings.commits).toContain(Buffer.from(second.raw).toString('base64'));
    expect(journal.paths).toContain('mission/swarms');
    expect(journal.paths).toContain('mission');
    expect(journal.secrets).toEqual(['box']);
    // Whoever disagrees now hears that it is too late instead of being lost.
    await expect(blue.say('dispute', { why: 'refused' })).rejects.toThrow('SWARM_CLOSING');
    expect(await isDecided()).toBe(true);
    expect(box.decisions).toBe(1);
  });

  test('is not begun by one vote, nor by the votes alone', async () => {
    const vote = await red.vote();
    await expect(red.resolve([vote])).rejects.toThrow();
    expect(await isDecided()).toBe(false);
    expect((await box.state(red.caller)).step).toBe('open');
    await red.resolve([vote, await blue.vote()]);
    expect(await isDecided()).toBe(false);
    expect(await box.state(red.caller)).toEqual({ step: 'sync', waited: 0 });
    box.clock.pass(1000 * hourMs);
    expect(await isDecided()).toBe(false);
    expect((await box.state(red.caller)).waited).toBe(0);
  });

  test.each([
    ['a possession of something else', (p: Uint8Array) => p.map((byte) => byte ^ 1)],
    ['the hash instead of a possession', () => new Uint8Array(64)],
  ])('does not come by %s, and by the true one afterwards', async (_what, spoil) => {
    await closeAll(people);
    await box.reaches(red.caller, 'ready');
    for (const one of people) await one.agree();
    await red.receipt();
    await blue.receipt(spoil);
    expect(await isDecided()).toBe(false);
    box.clock.pass(1000 * hourMs);
    expect(await isDecided()).toBe(false);
    expect((await box.state(red.caller)).waits).toEqual([blue.caller.party]);
    await blue.receipt();
    expect(await isDecided()).toBe(true);
  });

  test('does not come by the possession of another party', async () => {
    await closeAll(people);
    await box.reaches(red.caller, 'ready');
    for (const one of people) await one.agree();
    const { envelope } = await red.receipt();
    const { p } = envelope.x as { p: string };
    await blue.receipt(() => new Uint8Array(Buffer.from(p, 'base64url')));
    expect(await isDecided()).toBe(false);
  });

  test('waits while somebody disputes, and until a receipt says that it is settled', async () => {
    await closeAll(people);
    await box.reaches(red.caller, 'ready');
    for (const one of people) await one.agree();
    await red.receipt();
    await blue.say('dispute', { why: 'damaged' });
    expect(await isDecided()).toBe(false);
    await red.say('dispute', { why: 'missing' });
    await blue.receipt();
    expect(await isDecided()).toBe(false);
    expect((await box.state(red.caller)).waits).toEqual([red.caller.party]);
    await red.receipt();
    expect(await isDecided()).toBe(true);
  });

  test('never comes when one vanishes after the sealing and only the other has waited', async () => {
    await closeAll(people);
    await box.reaches(red.caller, 'ready');
    await red.agree();
    await red.elapsed(blue);
    for (const hours of [24, 24 * 365]) {
      box.clock.pass(hours * hourMs);
      expect(await isDecided()).toBe(false);
    }
    expect((await box.state(red.caller)).waits).toEqual(
      [red, blue].map((p) => p.caller.party).sort(),
    );
    await expect(red.receipt()).rejects.toThrow('T5');
  });

  test('comes without one that lets the other go on, after the time of the charter', async () => {
    await closeAll(people);
    await box.reaches(red.caller, 'ready');
    await red.agree();
    await red.elapsed(blue);
    await blue.elapsed(blue);
    await red.receipt();
    expect(await isDecided()).toBe(false);
    expect((await box.state(red.caller)).waits).toEqual([]);
    box.clock.pass(24 * hourMs);
    expect(await isDecided()).toBe(true);
  });
});

describe('a party of three that never says anything', () => {
  beforeEach(async () => {
    await mission(3);
    const votes = [await red.vote(), await blue.vote()];
    await red.resolve(votes);
    for (const one of [red, blue]) await one.final();
    await box.teardown.look();
  });

  test('holds up the record until both others have waited long enough', async () => {
    box.clock.pass(48 * hourMs);
    await red.elapsed(green);
    expect(await isDecided()).toBe(false);
    expect((await box.state(red.caller)).step).toBe('sync');
    await blue.elapsed(green);
    await box.reaches(red.caller, 'ready');
  });

  test('is not waited for when they have and the box ran as long as the charter says, whatever its clock says (S190)', async () => {
    await red.elapsed(green);
    await blue.elapsed(green);
    box.clock.pass(23 * hourMs);
    expect(await isDecided()).toBe(false);
    // Setting the clock on the wall makes no time pass.
    box.clock.jump(24 * 365 * hourMs);
    expect(await isDecided()).toBe(false);
    await box.restart();
    expect(await isDecided()).toBe(false);
    // Two who say so within a second do not cut off the third one's last words.
    expect(await box.state(red.caller)).toEqual({ step: 'sync', waited: 23 * 3600 });
    box.clock.pass(hourMs);
    await box.teardown.look();
    await box.reaches(red.caller, 'ready');
    for (const one of [red, blue]) await one.agree();
    for (const one of [red, blue]) await one.receipt();
    expect(await isDecided()).toBe(true);
    const journal = await readFile(box.path('teardown.json'), 'utf8');
    expect(JSON.parse(journal)).toMatchObject({ findings: { excused: [green.caller.party] } });
  });

  test('may still sign while there is time, and then nothing waits', async () => {
    await red.elapsed(green);
    await blue.elapsed(green);
    await green.final();
    await box.reaches(red.caller, 'ready');
    for (const one of people) await one.agree();
    for (const one of [red, blue]) await one.receipt();
    box.clock.pass(23 * hourMs);
    expect(await isDecided()).toBe(false);
    await green.receipt();
    expect(await isDecided()).toBe(true);
  });
});
