import { existsSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pid } from 'node:process';
import { buildDirectory, root } from '../shell/places.mjs';
import { run } from '../shell/run.mjs';
import { treeHash } from '../shell/tree-hash.mjs';
import { compressBundle } from './compress.mjs';

/** Everything that the bundle is made of; a change in any of them makes a new one. */
const sources = [
  'web',
  'appliance/protocol',
  'appliance/client',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'provisioning/setup/steps',
];

/** Bundles kept: a box that still runs may be serving one older than the newest. */
const KEPT = 3;

/**
 * Builds the browser's part and the offline reader, `reader.html`, into `build/web/<hash of their
 * sources>` unless that is there, and lets the link `build/web/current` point to it. A build becomes
 * visible only when it is whole.
 */
export async function buildWeb(node, progress) {
  const bundles = join(buildDirectory, 'web');
  const name = treeHash(root, sources);
  const bundle = join(bundles, name);
  if (!existsSync(bundle)) {
    progress.step('Building the web app');
    removeParts(bundles);
    const part = join(bundles, `.part-${pid}`);
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    await run(node, [vite, 'build', 'web', '--outDir', part, '--emptyOutDir'], { cwd: root });
    await run(node, [vite, 'build', 'web/reader', '--outDir', part], { cwd: root });
    compressBundle(part);
    renameSync(part, bundle);
  }
  const link = join(bundles, `.link-${pid}`);
  rmSync(link, { force: true });
  symlinkSync(name, link);
  renameSync(link, join(bundles, 'current'));
  removeOld(bundles, name);
}

/** What interrupted builds left; ours is the only build that runs. */
function removeParts(bundles) {
  if (!existsSync(bundles)) return;
  for (const entry of readdirSync(bundles).filter((name) => name.startsWith('.'))) {
    rmSync(join(bundles, entry), { recursive: true, force: true });
  }
}

function removeOld(bundles, name) {
  const madeAt = (entry) => statSync(join(bundles, entry)).mtimeMs;
  const others = readdirSync(bundles)
    .filter((entry) => entry !== 'current' && entry !== name)
    .sort((a, b) => madeAt(b) - madeAt(a));
  for (const entry of others.slice(KEPT - 1)) {
    rmSync(join(bundles, entry), { recursive: true, force: true });
  }
}
