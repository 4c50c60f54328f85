import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { campaign, Found } from './campaign.ts';
import type { Target } from './target.ts';

// `node main.ts NAME SECONDS [SEED]`: one campaign against `test/fuzz/NAME.ts`. A finding is told
// with what repeats it, its input kept below `build/fuzz/`, and ends the process with 1.

const [name = '', seconds = '60', given] = process.argv.slice(2);
const seed = given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
const { target } = (await import(`../../fuzz/${name}.ts`)) as { target: Target };
console.log(`${name}: seed ${seed}, ${seconds} s`);
try {
  const { accepted, rounds } = await campaign(target, seed, Number(seconds));
  console.log(`${name}: nothing found in ${rounds} inputs, of which ${accepted} were accepted`);
} catch (error) {
  if (!(error instanceof Found)) throw error;
  const folder = join('build', 'fuzz');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}-${error.seed}-${error.round}`);
  await writeFile(path, error.input);
  console.error(`${name}: FOUND by ${error.message}\nThe input is in ${path}.`, error.cause);
  process.exitCode = 1;
}
