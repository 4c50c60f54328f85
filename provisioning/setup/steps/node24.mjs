import { existsSync } from 'node:fs';
import { arch, execPath, versions } from 'node:process';
import { join } from 'node:path';
import { SetupFailure } from '../shell/failure.mjs';
import { root } from '../shell/places.mjs';

/**
 * Path of the Node 24 that runs Parley: the locked npm package for this processor, or else the
 * Node that runs the set-up, if that is new enough.
 */
export function findNode24() {
  const packaged = join(root, 'node_modules', `node-linux-${arch}`, 'bin', 'node');
  if (existsSync(packaged)) return packaged;
  if (Number(versions.node.split('.')[0]) >= 24) return execPath;
  throw new SetupFailure(
    `Parley needs Node 24. This is Node ${versions.node}, and for a ${arch} processor there is no ` +
      'Node among the packages. Install Node 24 or newer and run the command again.',
  );
}
