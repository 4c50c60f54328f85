// `npm run client -- COMMAND …`: the headless client, appliance/terminal/main.ts.
import { prepareClient, runNode } from './prepare.mjs';

const node = await prepareClient();
process.exitCode = await runNode(node, ['appliance/terminal/main.ts', ...process.argv.slice(2)]);
