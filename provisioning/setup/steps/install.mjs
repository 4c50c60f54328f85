import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupFailure } from '../shell/failure.mjs';
import { root } from '../shell/places.mjs';
import { run } from '../shell/run.mjs';

const asNode24 = fileURLToPath(new URL('./as-node24.cjs', import.meta.url));

/** Written after a finished install; `npm ci` begins by removing it with all of node_modules. */
const marker = join(root, 'node_modules', '.parley-lock');

/**
 * Installs exactly what package-lock.json names, if it differs from what was installed last.
 * No script of any package is run: the ones we want are run by name, in other steps.
 */
export async function installPackages(progress) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (installed() === lock) return;
  progress.step('Installing packages from package-lock.json');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=notice'];
  try {
    await run('npm', args, { cwd: root, env: npmEnvironment() });
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    throw new SetupFailure(`The packages could not be installed. ${error.message}`);
  }
  writeFileSync(marker, lock);
}

function installed() {
  try {
    return readFileSync(marker, 'utf8').trim();
  } catch {
    return undefined; // Never installed, or interrupted: both mean "install".
  }
}

/**
 * Without our own programs on PATH, since npm must not run on the Node that it is about to remove;
 * and with the version of the Node that will run the packages, see as-node24.cjs.
 */
function npmEnvironment() {
  const ours = join(root, 'node_modules');
  const path = (process.env.PATH ?? '').split(delimiter).filter((part) => !part.startsWith(ours));
  const options = [process.env.NODE_OPTIONS, `--require=${JSON.stringify(asNode24)}`];
  return {
    ...process.env,
    PATH: path.join(delimiter),
    NODE_OPTIONS: options.filter(Boolean).join(' '),
  };
}
