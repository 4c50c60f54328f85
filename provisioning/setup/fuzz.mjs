// `npm run fuzz -- NAME [seconds] [seed]`: a long campaign against test/fuzz/NAME.ts; without a known
// name, lists the names. Needs packages and Node 24 only.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepareClient, runNode } from './prepare.mjs';
import { root } from './shell/places.mjs';

const [name, seconds = '60', ...seed] = process.argv.slice(2);
const names = readdirSync(join(root, 'test', 'fuzz'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

if (names.includes(name) && Number(seconds) > 0) {
  const node = await prepareClient();
  process.exitCode = await runNode(node, ['test/support/fuzz/main.ts', name, seconds, ...seed]);
} else {
  console.error(`usage: npm run fuzz -- NAME [seconds] [seed], NAME one of: ${names.join(', ')}`);
  process.exitCode = 2;
}
