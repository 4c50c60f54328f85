// `npm start`: everything the box needs on this machine, then the box itself.
import { prepare, runNode } from './prepare.mjs';

const node = await prepare(['start']);
process.exitCode = await runNode(node, ['appliance/main.ts', ...process.argv.slice(2)]);
