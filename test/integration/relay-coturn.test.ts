import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { relayConfig } from '../../appliance/services/relay/config.ts';
import { CoturnRelay } from '../../appliance/services/relay/coturn-relay.ts';
import { systemClock } from '#kernel/clock.ts';
import { BoxProcess, loopbackConfig } from '../support/box-process.ts';
import { until } from '../support/until.ts';

let box: BoxProcess | undefined;
afterEach(() => box?.remove());

async function coturnOf(running: BoxProcess): Promise<number> {
  const children = [...(await running.children())];
  const [pid] = children.find(([, line]) => line.startsWith('turnserver ')) ?? [];
  if (pid === undefined) throw new Error('no coturn');
  return pid;
}

test('a box with coturn is well, shows no secret on a command line, and takes it along when it is killed', async () => {
  box = await BoxProcess.start({ ...loopbackConfig, relay: { port: 0, engine: 'coturn' } });
  await box.origin();
  expect((await box.health()).services['relay']).toEqual({
    status: 'ok',
    says: 'The relay is running.',
  });
  const pid = await coturnOf(box);
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8');
  expect(line).not.toMatch(/[0-9a-f]{32}/);
  box.child.kill('SIGKILL');
  await box.ended;
  await until('coturn is gone', () =>
    readFile(`/proc/${pid}/cmdline`, 'utf8').then(
      (text) => text === '',
      () => true,
    ),
  );
});

test('a box whose coturn is not installed says what to do', async () => {
  const config = relayConfig.parse({ port: 0, engine: 'coturn', coturnProgram: 'no-such-server' });
  const deps = { addresses: () => ['127.0.0.1'], openPorts: [], clock: systemClock };
  const refusal = await new CoturnRelay(deps, config)
    .start(new AbortController().signal)
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    name: 'Refusal',
    sentence: expect.stringContaining('not installed'),
  });
});
