import { pino } from 'pino';

/**
 * Where a service writes what happened. `error`: a person must act. `warn`: a
 * handled anomaly. `info`: one line for a change of state. `debug`: the rest.
 * Never content, names, keys, tokens; no addresses at `info` or above.
 */
export interface Logger {
  error(data: object, message: string): void;
  warn(data: object, message: string): void;
  info(data: object, message: string): void;
  debug(data: object, message: string): void;
  child(fields: object): Logger;
}

/** Writes JSON lines to standard error, so that standard output stays for people. */
export function jsonLogger(level: 'error' | 'warn' | 'info' | 'debug'): Logger {
  return pino({ level, base: null }, pino.destination({ fd: 2, sync: true }));
}

/** Swallows everything; for tests that look at behaviour, not at logs. */
export const silentLogger: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silentLogger,
};
