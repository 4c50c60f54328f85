import { rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { spawn } from 'node:child_process';
import { SetupFailure } from './shell/failure.mjs';
import { withLock } from './shell/lock.mjs';
import { buildDirectory, logFile, root } from './shell/places.mjs';
import { Progress } from './shell/progress.mjs';
import { installDebian } from './steps/debian.mjs';
import { installPackages } from './steps/install.mjs';
import { findNode24 } from './steps/node24.mjs';
import { buildWeb } from './steps/web-bundle.mjs';
import { placeWorker } from './steps/worker.mjs';

/**
 * Does whatever is still missing for these purposes of the Debian table and returns the path of
 * Node 24. One set-up at a time in a clone: a second waits and then finds everything done.
 * A failure is told in a sentence and ends the process with 1.
 */
export function prepare(purposes) {
  return setUp(async (progress) => {
    await installDebian(purposes, progress);
    await installPackages(progress);
    const node = findNode24();
    await placeWorker(node, progress);
    await buildWeb(node, progress);
    return node;
  });
}

/** Only what a client needs, which has neither a media worker nor a web app: packages and Node 24. */
export function prepareClient() {
  return setUp(async (progress) => {
    await installPackages(progress);
    return findNode24();
  });
}

async function setUp(steps) {
  const progress = new Progress();
  const wait = () => progress.step('Waiting for another set-up in this folder');
  try {
    return await withLock(join(buildDirectory, 'setup.lock'), wait, async () => {
      rmSync(logFile, { force: true });
      return await steps(progress);
    });
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    progress.say(error.message);
    process.exit(process.exitCode || 1);
  } finally {
    progress.done();
  }
}

/**
 * Runs a program of ours on Node 24, its input and output being ours, and resolves to its exit
 * code. SIGINT and SIGTERM are passed on to it and end it, not us.
 */
export async function runNode(node, args, env = {}) {
  const path = [dirname(node), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(node, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path, ...env },
  });
  const forward = (signal) => child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 130 : 143)));
  });
  process.off('SIGINT', forward).off('SIGTERM', forward);
  return code;
}
