// `npm run check`: types, lint, format and dead code.
import { check } from './checks.mjs';
import { prepare } from './prepare.mjs';

const node = await prepare(['start']);
const failed = check(node, ['types', 'lint', 'format', 'dead code']);
process.exitCode = failed.length === 0 ? 0 : 1;
