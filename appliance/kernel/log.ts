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

/** How much is written. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Writes JSON lines to standard error, so that standard output stays for people. */
export function jsonLogger(level: LogLevel): Logger {
  const destination = pino.destination({ fd: 2, sync: true });
  // A full disk under the log, or a reader that went away, must not end the box.
  destination.on('error', () => {});
  return pino({ level, base: null }, destination);
}

/** Writes short lines for a person who watches a terminal; no stack traces below `debug`. */
export function terminalLogger(level: LogLevel, write: (line: string) => void): Logger {
  const destination = {
    write: (json: string) => write(terminalLine(JSON.parse(json) as LogLine, level === 'debug')),
  };
  return pino({ level, base: null }, destination);
}

interface LogLine {
  level: number;
  time: number;
  msg: string;
  err?: { message?: string; stack?: string };
  [field: string]: unknown;
}

function terminalLine(line: LogLine, withStack: boolean): string {
  const { level, time, msg, err, ...fields } = line;
  const at = new Date(time).toTimeString().slice(0, 8);
  const word = level >= 50 ? ' ERROR' : level >= 40 ? ' warning' : '';
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  const reason = err ? `: ${withStack ? (err.stack ?? '') : (err.message ?? '')}` : '';
  return `${at}${word} ${msg}${rest.join('')}${reason}\n`;
}

/** Swallows everything; for tests that look at behaviour, not at logs. */
export const silentLogger: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silentLogger,
};
