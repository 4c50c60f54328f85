import { createSocket } from 'node:dgram';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRelayBox, portOf, type RelayBox } from '../support/relay-box.ts';
import { lanAddress, TurnClient } from '../support/turn-client.ts';
import { until } from '../support/until.ts';

const never = new AbortController().signal;
let box: RelayBox;
beforeEach(async () => {
  box = await openRelayBox(lanAddress());
});
afterEach(() => box.close());

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH: there is no such process, which is the answer.
    return false;
  }
}

describe('the relay process', () => {
  it('killed by hand is noticed and comes back with stop and start; credentials stay good', async () => {
    const login = box.relay.credentials('device', 600);
    const { pid } = box.provider;
    if (!pid) throw new Error('no process');
    process.kill(pid, 'SIGKILL');
    await until('noticed', () => box.relay.health().status === 'failed');
    expect(box.relay.health().says).toBe('The relay process has ended.');
    await box.relay.stop();
    await box.relay.start(never);
    expect(box.relay.health()).toEqual({ status: 'ok', says: '0 relayed connections.' });
    expect(box.provider.pid).not.toBe(pid);
    const client = new TurnClient({ ...box.server, port: portOf(box.relay) }, login);
    expect(await client.allocate()).toBeTypeOf('object');
    client.close();
  });

  it('that hangs is noticed, and ended all the same', async () => {
    const { pid } = box.provider;
    if (!pid) throw new Error('no process');
    process.kill(pid, 'SIGSTOP');
    await until('noticed', () => box.relay.health().status === 'failed', 12_000);
    expect(box.relay.health().says).toBe('The relay process does not answer.');
    await box.relay.stop();
    expect(isRunning(pid)).toBe(false);
  }, 20_000);

  it('ends with the service, and start and stop may be said twice', async () => {
    const { pid } = box.provider;
    await box.relay.start(never);
    expect(box.provider.pid).toBe(pid);
    await box.relay.stop();
    await box.relay.stop();
    expect(isRunning(pid ?? 0)).toBe(false);
    expect(box.relay.health().status).toBe('failed');
    expect(() => box.relay.credentials('x', 60)).toThrow(
      expect.objectContaining({ code: 'RELAY_NOT_RUNNING' }),
    );
  });

  it('is not left behind when the start is given up', async () => {
    await box.relay.stop();
    const given = new AbortController();
    const start = box.relay.start(given.signal);
    given.abort();
    await expect(start).rejects.toThrow();
    expect(box.provider.pid).toBeUndefined();
  });

  it('says in a sentence that its port is taken', async () => {
    const squatter = createSocket('udp4');
    await new Promise<void>((resolve) => squatter.bind(0, '127.0.0.1', resolve));
    const { port } = squatter.address();
    const refusal = await openRelayBox('127.0.0.1', { port }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'Refusal' });
    expect((refusal as { sentence: string }).sentence).toContain(`Port ${port}`);
    squatter.close();
  });

  it('follows the network, and starts on the machine itself when there is none', async () => {
    const addresses: string[] = [];
    const moving = await openRelayBox('127.0.0.1', {}, () => [...addresses]);
    const { pid } = moving.provider;
    addresses.push('127.0.0.1', lanAddress());
    expect(moving.relay.health().status).toBe('degraded');
    await until('moved', () => moving.relay.health().status === 'ok');
    expect(moving.provider.pid).not.toBe(pid);
    expect(isRunning(pid ?? 0)).toBe(false);
    expect(moving.relay.credentials('x', 60).urls).toHaveLength(6);
    await moving.close();
  });
});
