// `npm test`: everything the tests need, the checks of the sources, then all tests, quickest first.
// Arguments go to vitest, `npm test -- broker` for instance; then only tests are run.
// The last line is always `N passed, N failed, N skipped`.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './checks.mjs';
import { matrixLines } from './matrix.mjs';
import { prepare, runNode } from './prepare.mjs';
import { buildDirectory } from './shell/places.mjs';

const filter = process.argv.slice(2);
const tallyFile = join(buildDirectory, 'tests.json');

const node = await prepare(['start', 'test']);
const checks = filter.length > 0 ? [] : ['types', 'lint', 'format'];
const failedChecks = check(node, checks);

rmSync(tallyFile, { force: true });
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];
const code = await runNode(node, [...vitest, ...filter], { PARLEY_TALLY: tallyFile });

const tests = readTally();
if (filter.length === 0) for (const line of matrixLines(tests.titles)) console.log(line);
for (const { name, reason } of tests.skipped) console.log(`skipped  ${name}: ${reason}`);
for (const name of [...failedChecks, ...tests.failed]) console.log(`FAILED   ${name}`);
const passed = tests.passed + checks.length - failedChecks.length;
const failed = failedChecks.length + tests.failed.length;
process.exitCode = failed > 0 ? 1 : code;
console.log(`${passed} passed, ${failed} failed, ${tests.skipped.length} skipped`);

/** What the tests' own reporter wrote; a run that counted nothing, or hid its failure, failed. */
function readTally() {
  /** @type {{ passed: number, titles: string[], failed: string[], skipped: { name: string, reason: string }[] }} */
  let tally = { passed: 0, titles: [], failed: [], skipped: [] };
  try {
    tally = JSON.parse(readFileSync(tallyFile, 'utf8'));
  } catch (error) {
    tally.failed.push(`the run of the tests left no result (${error.code ?? error.message})`);
  }
  if (tally.passed + tally.failed.length === 0) tally.failed.push('no test ran');
  if (code !== 0 && tally.failed.length === 0) tally.failed.push(`vitest ended with ${code}`);
  return tally;
}
