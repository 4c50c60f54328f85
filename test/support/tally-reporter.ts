import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** What a run of the tests came to, as `npm test` reads it. */
export interface Tally {
  passed: number;
  /** Titles of those that passed, for the matrix of scenarios and rules. */
  titles: string[];
  failed: string[];
  skipped: { name: string; reason: string }[];
}

/** Writes a Tally as JSON to a file; unlike vitest's own JSON it has the reasons of skips. */
export class TallyReporter implements Reporter {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message?: string }[]): void {
    const tally: Tally = { passed: 0, titles: [], failed: [], skipped: [] };
    for (const module of modules) count(module, tally);
    for (const error of unhandled) tally.failed.push(`outside of any test: ${error.message ?? ''}`);
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify(tally));
  }
}

function count(module: TestModule, tally: Tally): void {
  // A file that cannot be loaded has no tests to fail, yet must not pass unseen.
  if (module.errors().length > 0) tally.failed.push(`${module.relativeModuleId} (the file itself)`);
  for (const test of module.children.allTests()) {
    const name = `${module.relativeModuleId} > ${test.fullName}`;
    const result = test.result();
    if (result.state === 'passed') {
      tally.passed += 1;
      tally.titles.push(test.fullName);
    } else if (result.state === 'skipped')
      tally.skipped.push({ name, reason: result.note ?? 'no reason given' });
    else tally.failed.push(name);
  }
  for (const suite of module.children.allSuites()) {
    if (suite.errors().length > 0) tally.failed.push(`${suite.fullName} (its hooks)`);
  }
}
