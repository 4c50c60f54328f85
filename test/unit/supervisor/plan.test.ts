import { describe, expect, test } from 'vitest';
import { isGivenUp, mayTry, plan, type Actual } from '../../../appliance/supervisor/plan.ts';

const order = [
  { name: 'store', needs: [] },
  { name: 'broker', needs: ['store'] },
  { name: 'relay', needs: [] },
  { name: 'door', needs: ['broker'] },
];
const up: Actual = { running: true, broken: false, failuresAtMs: [] };
const down: Actual = { running: false, broken: false, failuresAtMs: [] };
const shown = (actual: Record<string, Actual>, nowMs = 0) =>
  plan(order, new Map(Object.entries(actual)), nowMs).map((step) => `${step.do} ${step.name}`);

describe('the plan', () => {
  test('starts everything in order when nothing runs', () => {
    expect(shown({ store: down, broker: down, relay: down, door: down })).toEqual([
      'start store',
      'start broker',
      'start relay',
      'start door',
    ]);
  });

  test('has no steps when all is well', () => {
    expect(shown({ store: up, broker: up, relay: up, door: up })).toEqual([]);
  });

  test('stops dependents before a broken service and starts them after it', () => {
    const broken = { running: true, broken: true, failuresAtMs: [0] };
    expect(shown({ store: broken, broker: up, relay: up, door: up }, 1_000)).toEqual([
      'stop door',
      'stop broker',
      'stop store',
      'start store',
      'start broker',
      'start door',
    ]);
  });

  test('leaves the others alone when a service without dependents breaks', () => {
    const broken = { running: true, broken: true, failuresAtMs: [0] };
    expect(shown({ store: up, broker: up, relay: broken, door: up }, 1_000)).toEqual([
      'stop relay',
      'start relay',
    ]);
  });

  test('waits longer after each failure, up to a ceiling', () => {
    const failed = (count: number): Actual => ({ ...down, failuresAtMs: Array(count).fill(0) });
    expect(mayTry(failed(1), 999)).toBe(false);
    expect(mayTry(failed(1), 1_000)).toBe(true);
    expect(mayTry(failed(3), 3_999)).toBe(false);
    expect(mayTry(failed(3), 4_000)).toBe(true);
    expect(mayTry(failed(9), 60_000)).toBe(true);
  });

  test('gives up after five failures in ten minutes, and stays with that', () => {
    const minute = 60_000;
    const often = { ...down, failuresAtMs: [0, 1, 2, 3, 4].map((n) => n * minute) };
    expect(isGivenUp(often)).toBe(true);
    expect(shown({ store: up, broker: up, relay: often, door: up }, 100 * minute)).toEqual([]);
    const seldom = { ...down, failuresAtMs: [0, 1, 2, 3, 4].map((n) => 3 * n * minute) };
    expect(isGivenUp(seldom)).toBe(false);
  });

  test('does not start what needs a service that was given up', () => {
    const lost = { ...down, failuresAtMs: [0, 0, 0, 0, 0] };
    expect(shown({ store: lost, broker: down, relay: up, door: down })).toEqual([]);
  });
});
