import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { shutdownOnSignal } from '../../../appliance/supervisor/shutdown.ts';
import { FakeClock } from '../../support/fake-clock.ts';

class FakeProcess extends EventEmitter {
  readonly codes: number[] = [];

  exit(code: number): void {
    this.codes.push(code);
  }
}

let clock: FakeClock;
let signals: FakeProcess;
beforeEach(() => {
  vi.useFakeTimers();
  clock = new FakeClock();
  signals = new FakeProcess();
});
afterEach(() => void vi.useRealTimers());

const never = new Promise<void>(() => {});

describe('a signal', () => {
  test.each(['SIGINT', 'SIGTERM'])('%s stops the box and exits with 0', async (signal) => {
    shutdownOnSignal(signals, async () => {}, clock, silentLogger);
    signals.emit(signal);
    await vi.advanceTimersByTimeAsync(0);
    expect(signals.codes).toEqual([0]);
  });

  test('does not wait longer than five seconds', async () => {
    shutdownOnSignal(signals, () => never, clock, silentLogger);
    signals.emit('SIGINT');
    await vi.advanceTimersByTimeAsync(4_999);
    expect(signals.codes).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(signals.codes).toEqual([1]);
  });

  test('exits at once when it comes a second time', () => {
    shutdownOnSignal(signals, () => never, clock, silentLogger);
    signals.emit('SIGINT');
    clock.pass(1_000);
    signals.emit('SIGINT');
    expect(signals.codes).toEqual([130]);
  });

  test('that arrives twice for one key press counts once', () => {
    shutdownOnSignal(signals, () => never, clock, silentLogger);
    signals.emit('SIGINT');
    clock.pass(20);
    signals.emit('SIGINT');
    expect(signals.codes).toEqual([]);
  });

  test('exits with 1 when something did not close', async () => {
    shutdownOnSignal(signals, async () => Promise.reject(new Error('stuck')), clock, silentLogger);
    signals.emit('SIGTERM');
    await vi.advanceTimersByTimeAsync(0);
    expect(signals.codes).toEqual([1]);
  });

  test('no longer reaches us after the listeners are taken off', () => {
    shutdownOnSignal(signals, () => never, clock, silentLogger)();
    expect(signals.listenerCount('SIGINT')).toBe(0);
  });
});
