import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { TallyReporter } from './support/tally-reporter.ts';

const tally = process.env['PARLEY_TALLY'];

/** The suites, quickest first; each runs when the one before has ended. */
const suites = ['unit', 'architecture', 'contract', 'integration', 'e2e'];

const MINUTE_MS = 60_000;

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    reporters: tally === undefined ? ['default'] : ['default', new TallyReporter(tally)],
    projects: suites.map((name, place) => ({
      extends: true,
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        testTimeout: name === 'e2e' ? 4 * MINUTE_MS : MINUTE_MS,
        hookTimeout: 2 * MINUTE_MS,
        // Journeys share the processor with several browsers: one at a time.
        fileParallelism: name !== 'e2e',
        // Left alone, two processors get one worker; nothing here waits for a process or a clock.
        ...(name === 'unit' && { maxWorkers: 2 }),
        sequence: { groupOrder: place + 1 },
      },
    })),
  },
});
