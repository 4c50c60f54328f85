import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One SHA-256, as 16 hex digits, over names and contents of files and folders below `base`.
 * Names are sorted, so the same tree gives the same hash on every machine.
 */
export function treeHash(base, paths) {
  const hash = createHash('sha256');
  for (const path of paths) if (existsSync(join(base, path))) add(hash, base, path);
  return hash.digest('hex').slice(0, 16);
}

function add(hash, base, path) {
  const full = join(base, path);
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).sort()) add(hash, base, `${path}/${name}`);
    return;
  }
  const content = readFileSync(full);
  hash.update(`${path}\0${content.length}\0`).update(content);
}
