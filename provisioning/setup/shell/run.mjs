import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { SetupFailure } from './failure.mjs';
import { logFile } from './places.mjs';

const SHOWN_LINES = 24;

/**
 * Runs a command, its output going to the log file, and resolves when it exits with 0.
 * Otherwise throws a SetupFailure with its last lines and the place of the log.
 * A signal to us ends the whole process group of the command, compilers of a build included.
 */
export async function run(command, args, { cwd, env, onLine, timeoutMs } = {}) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const title = [command, ...args].join(' ');
  writeSync(log, `\n$ ${title}\n`);
  const last = [];
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const release = endWithUs(child);
  const timer = timeoutMs && setTimeout(() => endGroup(child, 'SIGKILL'), timeoutMs);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (colored) => {
      const line = stripVTControlCharacters(colored);
      writeSync(log, `${line}\n`);
      last.push(line);
      if (last.length > SHOWN_LINES) last.shift();
      if (onLine) onLine(line);
    });
  }
  const ended = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  clearTimeout(timer);
  release();
  closeSync(log);
  if (ended === 0) return;
  throw new SetupFailure(
    `"${title}" ended with ${ended}.\n${last.join('\n')}\nThe whole output is in ${logFile}.`,
  );
}

function endGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function endWithUs(child) {
  const forward = (signal) => {
    if (child.pid) endGroup(child, signal);
    process.exitCode = signal === 'SIGINT' ? 130 : 143;
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  return () => process.off('SIGINT', forward).off('SIGTERM', forward);
}
