import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import { foundFromShells, type TerminalPerson } from '../support/terminal-person.ts';
import { until } from '../support/until.ts';

const verifier = fileURLToPath(new URL('../../provisioning/verify/main.ts', import.meta.url));
const room = 'All parties';
const patience = ['--wait', '60'];
let box: BoxProcess;
let rosa: TerminalPerson;
let bela: TerminalPerson;

beforeAll(async () => {
  box = await BoxProcess.start();
  ({ rosa, bela } = await foundFromShells(await box.origin()));
  await rosa.run('send', [room, 'Gauge 3: 4.21 m']).well();
});

afterAll(async () => {
  for (const one of [rosa, bela]) await one?.leave();
  await box.remove();
});

describe('what a person takes out of a state directory', () => {
  it('is the text of a conversation', async () => {
    const { stdout } = await bela.run('export', ['text', room, ...patience]).well();
    expect(stdout).toMatch(/^\d{4}-\S+Z {2}R Rosa: Gauge 3: 4\.21 m$/m);
  });

  it('is the key card, and the keys in a sealed file that is not written over', async () => {
    const { stdout } = await rosa.run('export', ['card']).well();
    expect(stdout).toMatch(/^parley-card-1\./);
    const output = join(rosa.home, 'keys');
    await rosa.run('export', ['keys', '--output', output]).well();
    expect(await readFile(output, 'utf8')).toContain('"t":"parley-keys"');
    expect((await stat(output)).mode & 0o777).toBe(0o600);
    const again = rosa.run('export', ['keys', '--output', output]);
    expect(await again.ended).toBe(1);
  });
});

describe('the end of a mission from two shells', () => {
  it('is refused before the parties have voted', async () => {
    const early = rosa.run('close', ['sign-receipt', ...patience]);
    expect(await early.ended).toBe(1);
    expect(early.stderr).toContain('CLOSING_NOT_YET');
  });

  it('comes when both have voted', async () => {
    await rosa.run('vote', ['propose', 'close', ...patience]).well();
    const listed = (await bela.run('list', patience).well()).lines[0];
    const [asked] = (listed?.['votes'] ?? []) as { id: string; state: string }[];
    expect(asked?.state).toBe('open');
    const voted = await bela.run('vote', ['yes', String(asked?.id), ...patience]).well();
    expect(voted.lines[0]).toMatchObject({ event: 'vote', state: 'passed' });
  });

  it('gives both the same record, checked and whole', async () => {
    for (const who of [rosa, bela, rosa]) await who.run('close', ['status', ...patience]).well();
    const records = [rosa, bela].map(({ home }) => join(home, 'record.tar'));
    const runs = [rosa, bela].map((who, place) =>
      who.run('close', ['fetch-record', '--output', records[place] ?? '', ...patience]).well(),
    );
    for (const run of await Promise.all(runs)) {
      expect(run.lines.at(-1)).toMatchObject({ event: 'closing', record: { state: 'held' } });
    }
    const [mine, theirs] = await Promise.all(records.map((path) => readFile(path)));
    expect(mine?.equals(theirs ?? Buffer.alloc(0))).toBe(true);
  });

  it('ends with a certificate that everybody can check, and devices that forget', async () => {
    for (const who of [rosa, bela]) await who.run('close', ['sign-receipt', ...patience]).well();
    // Rosa's receipt goes out once Bela has agreed, and the box erases when both have signed.
    await until(
      'the box has erased everything',
      async () => {
        const run = rosa.run('close', ['status', '--wait', '10']);
        await run.ended;
        return run.lines.some(({ step }) => step === 'wiped');
      },
      60_000,
    );
    const [record, certificate] = [join(rosa.home, 'record.tar'), join(rosa.home, 'certificate')];
    await rosa.run('close', ['certificate', '--output', certificate, ...patience]).well();
    expect(JSON.parse(await readFile(certificate, 'utf8'))).toMatchObject({ c: { t: 'erased' } });
    const verified = spawnSync(process.execPath, [verifier, record, certificate], {
      encoding: 'utf8',
    });
    expect(verified, verified.stdout).toMatchObject({ status: 0 });
    await rosa.run('close', ['leave']).well();
    const after = rosa.run('list');
    expect(await after.ended).toBe(1);
    expect(existsSync(join(rosa.state, 'keys'))).toBe(false);
  }, 120_000);
});
