// `npm run lock`, after any change of the dependencies: gives package-lock.json an entry for every
// optional package that the registry in use does not have, such as native parts for other systems.
// Without one, `npm ci` of npm 11 refuses the whole file; and a registry that does have the package
// would deliver it unhashed. The entry therefore names an operating system that does not exist.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './shell/places.mjs';

const file = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { '': project, ...packages } = lock.packages;

for (const [place, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isLocked(place, name)) continue;
    const mark = dev ? { dev: true, optional: true } : { optional: true };
    packages[`node_modules/${name}`] = { version, ...mark, os: ['none'] };
  }
}

const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = { '': project, ...Object.fromEntries(sorted) };
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);

/** Whether Node, from this place, would find that name in some node_modules on the way up. */
function isLocked(place, name) {
  if (packages[`${place}/node_modules/${name}`]) return true;
  const parent = place.lastIndexOf('/node_modules/');
  return parent < 0
    ? Boolean(packages[`node_modules/${name}`])
    : isLocked(place.slice(0, parent), name);
}
