// `npm run bench -- NAME`: runs test/bench/NAME.ts; without a known name, lists the names.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, runNode } from './prepare.mjs';
import { root } from './shell/places.mjs';

/** What one of them needs besides the box. */
const purposes = { load: ['load'], swarm: ['swarm'] };

const [name, ...rest] = process.argv.slice(2);
const names = readdirSync(join(root, 'test', 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

if (names.includes(name)) {
  const node = await prepare(['start', ...(purposes[name] ?? [])]);
  process.exitCode = await runNode(node, [`test/bench/${name}.ts`, ...rest]);
} else {
  console.error(`usage: npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`);
  process.exitCode = 2;
}
