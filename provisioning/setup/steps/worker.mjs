import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { arch, env, pid } from 'node:process';
import { fileURLToPath } from 'node:url';
import { SetupFailure } from '../shell/failure.mjs';
import { withLock } from '../shell/lock.mjs';
import { cacheDirectory, root } from '../shell/places.mjs';
import { run } from '../shell/run.mjs';
import { treeHash } from '../shell/tree-hash.mjs';
import { buildWorker } from '../worker/build.mjs';
import { installDebian } from './debian.mjs';

/** Started without the channel that mediasoup gives it, a sound worker says so with this code. */
const SOUND_EXIT_CODE = 41;
const PREBUILT_TIMEOUT_MS = 120_000;

const packageDirectory = join(root, 'node_modules', 'mediasoup');
const placed = join(packageDirectory, 'worker', 'out', 'Release', 'mediasoup-worker');
const placedKey = `${placed}.key`;

/**
 * Sees to it that mediasoup finds a worker that runs on this machine: the one that
 * MEDIASOUP_WORKER_BIN names, else a cached one, else upstream's prebuilt one, else built here.
 */
export async function placeWorker(node, progress) {
  const given = env['MEDIASOUP_WORKER_BIN'];
  if (given) {
    if (isSound(given)) return;
    throw new SetupFailure(`MEDIASOUP_WORKER_BIN names ${given}, which is no worker that runs.`);
  }
  const key = workerKey();
  if (read(placedKey) === key && isSound(placed)) return;
  const cached = join(cacheDirectory, 'worker', key, 'mediasoup-worker');
  const wait = () => progress.step('Waiting for another set-up to build the mediasoup worker');
  await withLock(`${dirname(cached)}.lock`, wait, async () => {
    if (!isSound(cached)) await makeWorker(node, cached, progress);
  });
  place(cached, placed);
  writeFileSync(placedKey, key);
}

async function makeWorker(node, cached, progress) {
  progress.step('Looking for a prebuilt mediasoup worker');
  rmSync(placed, { force: true });
  if (await downloadPrebuilt(node)) {
    place(placed, cached);
    return;
  }
  await installDebian(['worker'], progress);
  progress.step('Building the mediasoup worker (about five minutes, once)');
  const work = join(root, 'build', 'worker');
  const built = await buildWorker(packageDirectory, work, (text) => progress.detail(text));
  if (!isSound(built)) throw new SetupFailure(`The worker that was built does not run: ${built}`);
  place(built, cached);
  rmSync(work, { recursive: true, force: true });
}

/** Upstream's own install step, with no Python so that it can download but not build. */
async function downloadPrebuilt(node) {
  if (env['MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD']) return false;
  try {
    await run(node, ['npm-scripts.mjs', 'postinstall'], {
      cwd: packageDirectory,
      env: { ...env, PYTHON: '/bin/false' },
      timeoutMs: PREBUILT_TIMEOUT_MS,
    });
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    return false; // Out of reach; the reason is in the log.
  }
  return isSound(placed);
}

function workerKey() {
  const { version } = JSON.parse(readFileSync(join(packageDirectory, 'package.json'), 'utf8'));
  const setup = fileURLToPath(new URL('..', import.meta.url));
  const recipe = treeHash(setup, ['worker/build.mjs', 'worker/overlay']);
  const release = read('/etc/os-release') ?? '';
  const field = (name) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(release)?.[1] ?? 'unknown';
  return `${version}-${recipe}-${field('ID')}${field('VERSION_ID')}-${arch}`;
}

function isSound(binary) {
  return existsSync(binary) && spawnSync(binary, [], { env: {} }).status === SOUND_EXIT_CODE;
}

/** Copies so that at every moment there is the old file or the whole new one. */
function place(from, to) {
  const part = `${to}.${pid}`;
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, part);
  chmodSync(part, 0o755);
  renameSync(part, to);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // Not there.
  }
}
