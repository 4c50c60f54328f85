import { beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { Refusal } from '#kernel/refusal.ts';
import { Supervisor } from '../../../appliance/supervisor/supervisor.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeService } from '../../support/fake-service.ts';

let diary: string[];
let clock: FakeClock;
let store: FakeService;
let broker: FakeService;
let relay: FakeService;
let supervisor: Supervisor;

beforeEach(() => {
  diary = [];
  clock = new FakeClock();
  store = new FakeService('store', [], diary);
  broker = new FakeService('broker', ['store'], diary);
  relay = new FakeService('relay', [], diary);
  supervisor = new Supervisor([broker, relay, store], ['store'], clock, silentLogger);
});

describe('the supervisor', () => {
  test('starts in the order of needs and stops in reverse', async () => {
    await supervisor.start();
    await supervisor.stop();
    expect(diary).toEqual([
      'start store',
      'start broker',
      'start relay',
      'stop relay',
      'stop broker',
      'stop store',
    ]);
  });

  test('says ok when all services are well', async () => {
    await supervisor.start();
    expect(supervisor.health().status).toBe('ok');
    await supervisor.stop();
  });

  test('brings a broken service back after a second and leaves the others running', async () => {
    await supervisor.start();
    relay.breakDown();
    diary.length = 0;
    await supervisor.look();
    expect(diary).toEqual(['stop relay']);
    expect(supervisor.health()).toMatchObject({
      status: 'degraded',
      services: { relay: { status: 'failed' }, broker: { status: 'ok' } },
    });
    clock.pass(1_000);
    await supervisor.look();
    expect(diary).toEqual(['stop relay', 'start relay']);
    expect(supervisor.health().status).toBe('ok');
    await supervisor.stop();
  });

  test('says failed when an essential service is down', async () => {
    await supervisor.start();
    store.breakDown();
    await supervisor.look();
    expect(supervisor.health().status).toBe('failed');
    clock.pass(1_000);
    await supervisor.look();
    expect(supervisor.health().status).toBe('ok');
    await supervisor.stop();
  });

  test('keeps the rest when one cannot start, and tries that one again', async () => {
    relay.startErrors = [new Error('no worker')];
    await supervisor.start();
    expect(supervisor.health().services['relay']?.status).toBe('failed');
    clock.pass(1_000);
    await supervisor.look();
    expect(supervisor.health().status).toBe('ok');
    await supervisor.stop();
  });

  test('reports a service that fails five times in ten minutes instead of trying again', async () => {
    relay.startErrors = Array.from({ length: 20 }, () => new Error('no worker'));
    await supervisor.start();
    for (let round = 0; round < 30; round++) {
      clock.pass(60_000);
      await supervisor.look();
    }
    expect(diary.filter((line) => line === 'start relay')).toHaveLength(5);
    expect(supervisor.health().services['relay']?.says).toContain('too often');
    await supervisor.stop();
  });

  test('ends the first start in a sentence when an essential service does not come up', async () => {
    store.startErrors = [new Error('ENOTDIR: not a directory\n    at somewhere')];
    const refusal = await supervisor.start().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect((refusal as Refusal).sentence).toBe(
      'Parley cannot run without its service store, which did not start: ENOTDIR: not a directory. Mend that and start again.',
    );
    expect(diary).toEqual(['start store', 'start relay', 'stop relay']);
  });

  test('keeps trying an essential service that fails later', async () => {
    await supervisor.start();
    store.breakDown();
    store.startErrors = [new Error('ENOSPC')];
    await supervisor.look();
    clock.pass(1_000);
    await supervisor.look();
    expect(supervisor.health().status).toBe('failed');
    clock.pass(2_000);
    await supervisor.look();
    expect(supervisor.health().status).toBe('ok');
    await supervisor.stop();
  });

  test('gives up the whole start for what only a person can change', async () => {
    relay.startErrors = [new Refusal('Port 3478 is taken.')];
    await expect(supervisor.start()).rejects.toThrow('Port 3478 is taken.');
    expect(diary.slice(-2)).toEqual(['stop broker', 'stop store']);
  });

  test('stops all others when one does not stop cleanly, and says so at the end', async () => {
    await supervisor.start();
    broker.stopError = new Error('stuck');
    await expect(supervisor.stop()).rejects.toThrow('not every service stopped cleanly');
    expect(diary.slice(-3)).toEqual(['stop relay', 'stop broker', 'stop store']);
  });

  test('can be stopped twice and does nothing after that', async () => {
    await supervisor.start();
    await supervisor.stop();
    await supervisor.stop();
    diary.length = 0;
    await supervisor.look();
    expect(diary).toEqual([]);
  });
});
