import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { SetupFailure } from './failure.mjs';

/** Waiting shorter than this is not worth a word. */
const PATIENCE_MS = 500;

/**
 * Runs `work` while no other process holds the lock of that file; `onWait` is called if one does.
 * The kernel keeps the lock (flock of util-linux, essential in Debian) for a child that lives as
 * long as our end of its input is open, so a set-up that was killed leaves no lock behind.
 */
export async function withLock(file, onWait, work) {
  mkdirSync(dirname(file), { recursive: true });
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const patience = setTimeout(() => onWait(), PATIENCE_MS);
  try {
    await new Promise((resolve, reject) => {
      holder.stdout.once('data', resolve);
      holder.once('error', (error) => reject(new SetupFailure(`flock: ${error.message}`)));
      holder.once('close', (code) => reject(new SetupFailure(`flock ended with ${code}.`)));
    });
    clearTimeout(patience);
    return await work();
  } finally {
    clearTimeout(patience);
    holder.stdin.end();
  }
}
