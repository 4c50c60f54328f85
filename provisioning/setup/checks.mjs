import { spawnSync } from 'node:child_process';
import { root } from './shell/places.mjs';

/** What is checked about the sources without running them, and the program that does it. */
const programs = {
  types: ['node_modules/typescript/bin/tsc', '-b', '--force'],
  lint: ['node_modules/oxlint/bin/oxlint'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  'dead code': ['node_modules/knip/bin/knip.js'],
};

/** Runs these checks, prints a line for each and the findings; returns the names of the failed. */
export function check(node, names) {
  return names.filter((name) => {
    const begun = Date.now();
    const found = spawnSync(node, programs[name], { cwd: root, encoding: 'utf8' });
    const seconds = ((Date.now() - begun) / 1000).toFixed(1);
    const passed = found.status === 0;
    console.log(`${passed ? 'passed' : 'FAILED'}  ${name} (${seconds} s)`);
    if (!passed) console.log(found.stdout + found.stderr);
    return !passed;
  });
}
