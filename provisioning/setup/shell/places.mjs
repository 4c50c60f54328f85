import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this clone. */
export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** Everything made in this clone and ignored by git, except node_modules. */
export const buildDirectory = join(root, 'build');

/** Where the long output of the last set-up is. */
export const logFile = join(buildDirectory, 'setup.log');

/** What is worth keeping between clones: compiled workers. */
export const cacheDirectory = join(
  process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'parley',
);
