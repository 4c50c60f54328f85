import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';

/** What of `process` a shutdown needs; tests pass their own. */
export interface Signals {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
}

/** Node would be killed hard by a service manager after longer; the issue promises five seconds. */
const deadlineMs = 5_000;
/** A terminal signals the whole group and `npm start` forwards: one Ctrl-C arrives twice. */
const sameKeyWithinMs = 500;

/**
 * On the first SIGINT or SIGTERM calls `stop`, then exits with 0, or with 1 when
 * the deadline passes first or something did not close. A second signal exits
 * at once. Returns what takes the listeners off again.
 */
export function shutdownOnSignal(
  signals: Signals,
  stop: () => Promise<void>,
  clock: Clock,
  log: Logger,
): () => void {
  let firstAtMs: number | undefined;
  const onSignal = (): void => {
    if (firstAtMs !== undefined) {
      if (clock.monotonic() - firstAtMs >= sameKeyWithinMs) signals.exit(130);
      return;
    }
    firstAtMs = clock.monotonic();
    const late = setTimeout(() => {
      log.error({ deadlineMs }, 'not everything closed in time');
      signals.exit(1);
    }, deadlineMs);
    const finish = (code: 0 | 1): void => {
      clearTimeout(late);
      signals.exit(code);
    };
    stop().then(
      () => finish(0),
      (error: unknown) => {
        log.error({ err: error }, 'not everything closed cleanly');
        finish(1);
      },
    );
  };
  signals.on('SIGINT', onSignal);
  signals.on('SIGTERM', onSignal);
  return () => {
    signals.off('SIGINT', onSignal);
    signals.off('SIGTERM', onSignal);
  };
}
