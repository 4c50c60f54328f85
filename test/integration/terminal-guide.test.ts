import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { freePort } from '../support/free-port.ts';
import { foundFromShells, type TerminalPerson } from '../support/terminal-person.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const guide = readFileSync(join(root, 'appliance/terminal/WRITING-A-CLIENT.md'), 'utf8');
/** The commands of the guide; those in comments are what the reader sets. */
const blocks = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);

let box: BoxProcess;
let people: TerminalPerson[] = [];
const folder = mkdtempSync(join(tmpdir(), 'parley-guide-'));
let mqttPort: number;

beforeAll(async () => {
  mqttPort = await freePort();
  box = await BoxProcess.start({ ...loopbackConfig, broker: { tlsPort: mqttPort } });
  const { rosa, bela } = await foundFromShells(await box.origin());
  people = [rosa, bela];
});

afterAll(async () => {
  for (const one of people) await one.leave();
  await box.remove();
  rmSync(folder, { recursive: true });
});

describe('the guide to another client', () => {
  it('has only commands that work, in their order', async () => {
    const [rosa] = people;
    const script = [
      'set -e',
      'set -o pipefail',
      ...blocks.map((block) => `${block}\necho "== $?"`),
    ];
    const env = {
      ...process.env,
      BOX: await box.origin(),
      MQTT: `127.0.0.1:${mqttPort}`,
      STATE: rosa?.state,
      PARLEY_PASSPHRASE: rosa?.passphrase,
      TMPDIR: folder,
    };
    const run = spawnSync('bash', ['-c', script.join('\n')], { cwd: root, env, encoding: 'utf8' });
    expect(`${run.stderr}${run.status}`).toMatch(/0$/);
    expect(run.stdout.match(/^== 0$/gm)).toHaveLength(blocks.length);
    // The hash of the box's key by openssl is the one that the client goes by.
    const [, hash] = /^([\w-]{43})$/m.exec(run.stdout) ?? [];
    expect(run.stdout).toContain(`"box":"${hash}"`);
    expect(run.stderr).toContain('Good "git" signature');
  });
});
