import { pauseMs } from '#kernel/retry.ts';
import { dependentsOf, type Needing } from './order.ts';

/** What is known about a service at one moment. */
export interface Actual {
  running: boolean;
  /** Running, but its health says `failed`. */
  broken: boolean;
  /** Monotonic times of its failures, oldest first. */
  failuresAtMs: readonly number[];
}

/** One thing to do; the supervisor performs them in this order. */
export interface Step {
  do: 'stop' | 'start';
  name: string;
}

/** More failures than this within the time is a fault that trying again does not cure. */
const giveUp = { afterCount: 5, withinMs: 10 * 60_000 } as const;

/** One second at first, so that a service killed by hand is back within seconds. */
const backOff = { firstMs: 1_000, ceilingMs: 60_000 } as const;

/** Failures that still count. */
function recentFailures(actual: Actual, nowMs: number): readonly number[] {
  return actual.failuresAtMs.filter((at) => nowMs - at < giveUp.withinMs);
}

/** Whether the service is only reported any more, not tried again. */
export function isGivenUp(actual: Actual): boolean {
  // Any five that lay close enough together: time that passes does not forgive.
  return actual.failuresAtMs.some((at, index) => {
    const last = actual.failuresAtMs[index + giveUp.afterCount - 1];
    return last !== undefined && last - at < giveUp.withinMs;
  });
}

/** Whether the pause after its last failure is over; true without failures. */
export function mayTry(actual: Actual, nowMs: number): boolean {
  const recent = recentFailures(actual, nowMs);
  const last = recent.at(-1);
  return last === undefined || nowMs - last >= pauseMs(recent.length, backOff);
}

/**
 * What brings the actual services to the wanted ones, all of which shall run.
 * `order` is the start order. Broken services and their dependents are stopped
 * in reverse order; whatever has all it needs and may be tried is started.
 */
export function plan(
  order: readonly Needing[],
  actual: ReadonlyMap<string, Actual>,
  nowMs: number,
): Step[] {
  const toStop = new Set<string>();
  for (const { name } of order) {
    if (!actual.get(name)?.broken) continue;
    toStop.add(name);
    for (const dependent of dependentsOf(name, order)) toStop.add(dependent);
  }
  const stops = order
    .filter(({ name }) => toStop.has(name) && actual.get(name)?.running)
    .map(({ name }): Step => ({ do: 'stop', name }))
    .toReversed();

  const up = new Set(
    order.map(({ name }) => name).filter((name) => actual.get(name)?.running && !toStop.has(name)),
  );
  const starts: Step[] = [];
  for (const { name, needs } of order) {
    const now = actual.get(name);
    if (!now || up.has(name) || isGivenUp(now) || !mayTry(now, nowMs)) continue;
    if (!needs.every((need) => up.has(need))) continue;
    up.add(name);
    starts.push({ do: 'start', name });
  }
  return [...stops, ...starts];
}
