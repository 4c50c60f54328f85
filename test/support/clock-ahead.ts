import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Loaded before a box: its monotonic clock is ahead by the milliseconds that the file `ahead` beside
 * its data directory says, so that a test need not wait for a day.
 */
const data = process.argv[process.argv.indexOf('--data') + 1] ?? '';
const real = performance.now.bind(performance);
let aheadMs = 0;
performance.now = () => real() + aheadMs;
setInterval(() => {
  try {
    aheadMs = Number(readFileSync(join(dirname(data), 'ahead'), 'utf8'));
  } catch {
    // Nobody has put it ahead yet.
  }
}, 50).unref();
