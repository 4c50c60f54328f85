import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import { wordsBelow } from '../support/canary.ts';
import { foundFromShells, TerminalPerson, type TerminalRun } from '../support/terminal-person.ts';
import { until } from '../support/until.ts';

const room = 'All parties';
let box: BoxProcess;
let rosa: TerminalPerson;
let bela: TerminalPerson;
let omar: TerminalPerson;

beforeAll(async () => {
  box = await BoxProcess.start();
});

afterAll(async () => {
  for (const one of [rosa, bela, omar]) await one?.leave();
  await box.remove();
});

/** Follows from now on. */
async function following(who: TerminalPerson, args: string[] = []): Promise<TerminalRun> {
  const run = who.run('follow', args);
  await until(`${who.name} follows; ${run.stderr}`, () => run.stderr.includes('Following'), 20_000);
  return run;
}

function texts(run: TerminalRun): unknown[] {
  return run.lines.filter(({ kind }) => kind === 'text').map(({ text }) => text);
}

/** Everything that somebody can read, in order. */
async function history(who: TerminalPerson): Promise<unknown[]> {
  const run = who.run('follow', ['--all', '--wait', '4']);
  return texts(await run.well());
}

describe('a mission from three shells', () => {
  it('is founded by two leads, who print the same safety code', async () => {
    ({ rosa, bela } = await foundFromShells(await box.origin()));
    const [mine, theirs] = await Promise.all(
      [rosa, bela].map(async (who) => (await who.run('list').well()).lines[0]),
    );
    expect(mine?.['safetyCode']).toMatch(/^\d{20}$/);
    expect(mine?.['safetyCode']).toBe(theirs?.['safetyCode']);
    expect(mine).toMatchObject({ mission: { name: 'Flood response' } });
  });

  it('prints messages as JSON lines as they come', async () => {
    const follow = await following(bela, [room]);
    await rosa.run('send', [room, 'Gauge 3: 4.21 m']).well();
    const line = await follow.line('message');
    expect(line).toMatchObject({ kind: 'text', text: 'Gauge 3: 4.21 m', name: 'Rosa', party: 'R' });
    expect(line).toMatchObject({ title: room, mine: false });
    await follow.kill('SIGINT');
    expect(await follow.ended).toBe(0);
  });

  it('takes in a third person, whose digits a lead typed', async () => {
    const link = (await rosa.run('invite').well()).lines[0]?.['link'];
    omar = await TerminalPerson.arrive('Omar');
    const joining = omar.run('join', [String(link), '--name', 'Omar']);
    // Somebody of the party has to be there for the digits to come.
    const lead = await following(rosa);
    const { digits } = await joining.line('digits');
    await lead.kill('SIGINT');
    await rosa.run('admit', [String(digits)]).well();
    await joining.well();
    await omar.run('send', [room], 'Hello from Omar\n').well();
    expect(await history(bela)).toEqual(['Gauge 3: 4.21 m', 'Hello from Omar']);
  });

  it('carries a file whole', async () => {
    const [path, copy] = [join(omar.home, 'map.bin'), join(bela.home, 'copy.bin')];
    const bytes = randomBytes(3_000_000);
    await writeFile(path, bytes);
    const sent = (await omar.run('send-file', [room, path]).well()).lines[0];
    const fetched = await bela.run('fetch', [String(sent?.['id']), '--output', copy]).well();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(fetched.lines[0]).toMatchObject({ event: 'fetched', sha256, bytes: bytes.length });
    expect((await readFile(copy)).equals(bytes)).toBe(true);
    const again = bela.run('fetch', [String(sent?.['id']), '--output', copy]);
    expect(await again.ended).toBe(1);
    expect(again.stderr).toContain('is it there already?');
  });

  it('goes on with what follow has not printed yet', async () => {
    const first = bela.run('follow', ['--resume', '--wait', '3']);
    expect(texts(await first.well())).toContain('Hello from Omar');
    await rosa.run('send', [room, 'While nobody looked']).well();
    const second = await bela.run('follow', ['--resume', '--wait', '3']).well();
    expect(texts(second)).toEqual(['While nobody looked']);
  });
});

describe('a device that is killed', () => {
  it('sends what it has kept exactly once', async () => {
    // The box hears nothing for a while: what is kept cannot be sent yet.
    await rosa.run('list').well();
    box.child.kill('SIGSTOP');
    const sending = rosa.run('send', [room, 'Said before the power went']);
    await until('it is kept', () => sending.stderr.includes('kept'), 30_000);
    await sending.kill();
    box.child.kill('SIGCONT');
    await rosa.run('list').well();
    const all = await history(bela);
    expect(all.filter((text) => text === 'Said before the power went')).toHaveLength(1);
  });

  it('neither loses nor doubles anything, whenever it is killed', async () => {
    const told: string[] = [];
    for (const [n, afterMs] of [300, 450, 600, 700, 800, 900, 1000, 1200].entries()) {
      const text = `try ${n}`;
      const sending = rosa.run('send', [room, text]);
      const end = performance.now() + afterMs;
      await until('its time', () => performance.now() > end || sending.stdout !== '');
      await sending.kill();
      // What it has said holds, kept or sent.
      if (sending.stdout + sending.stderr !== '') told.push(text);
    }
    await rosa.run('list').well();
    const tries = (await history(bela)).filter((text) => String(text).startsWith('try'));
    expect(tries).toHaveLength(new Set(tries).size);
    expect(tries).toEqual(expect.arrayContaining(told));
  });
});

describe('a state directory', () => {
  it('has none of the words in clear', () => {
    const words = ['Gauge 3', 'Hello from', 'Flood response', 'Omar', 'All parties', 'open sesame'];
    for (const who of [rosa, bela, omar]) expect(wordsBelow(who.state, words)).toEqual([]);
  });

  it('is used by one process at a time, and the second says so', async () => {
    const first = await following(rosa);
    const second = rosa.run('send', [room, 'Not from two at once']);
    expect(await second.ended).toBe(1);
    expect(second.stderr).toContain(`Another Parley client (process ${first.child.pid})`);
    await first.kill();
    await rosa.run('list').well();
  });

  it('stays closed to a wrong passphrase', async () => {
    await writeFile(join(omar.home, 'passphrase'), 'open barley\n');
    const run = omar.run('list');
    expect(await run.ended).toBe(1);
    expect(run.stderr).toContain('This passphrase does not open the state directory.');
    await writeFile(join(omar.home, 'passphrase'), `${omar.passphrase}\n`);
    await omar.run('list').well();
  });
});

describe('a device that retires', () => {
  it('asks first where nobody answered beforehand', async () => {
    const run = omar.run('retire');
    expect(await run.ended).toBe(2);
    expect(existsSync(omar.state)).toBe(true);
  });

  it('is none any more for the others, and leaves no keys behind', async () => {
    await omar.run('retire', ['--yes']).well();
    expect(existsSync(omar.state)).toBe(false);
    await rosa.run('send', [room, 'Omar has left']).well();
    expect(await history(bela)).toContain('Omar has left');
  });
});

describe('nonsense on the command line', () => {
  it.each([
    [['join', 'https://127.0.0.1:9/#/j/garbage!', '--name', 'Eve'], 'This is not a Parley code.'],
    [
      ['join', 'AQI', '--name', 'Eve', '--box', 'https://127.0.0.1:9'],
      'This is not a Parley code.',
    ],
    [['join', 'AQI', '--name', 'Eve', '--box', 'ftp://x'], 'is not an address'],
    [['send', room, 'x'], 'No device was begun in'],
    [['send'], 'Usage: send'],
    [['dance'], 'There is no command dance.'],
    [['list', '--colour'], "Unknown option '--colour'"],
  ])('is refused in words: %j', async (args, sentence) => {
    const eve = await TerminalPerson.arrive('Eve');
    const [command = '', ...rest] = args;
    const run = eve.run(command, rest);
    expect(await run.ended).not.toBe(0);
    expect(run.stderr).toContain(sentence);
    expect(run.stderr).not.toContain('    at ');
    await eve.leave();
  });
});
