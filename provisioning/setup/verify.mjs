// `npm run verify -- RECORD [CERTIFICATE]`: judges a record without the program that made it.
// Needs the packages and Node 24, neither compiler nor worker nor web app.
import { resolve } from 'node:path';
import { runNode } from './prepare.mjs';
import { SetupFailure } from './shell/failure.mjs';
import { Progress } from './shell/progress.mjs';
import { installPackages } from './steps/install.mjs';
import { findNode24 } from './steps/node24.mjs';

// npm changes to the folder of the package; paths are meant from where it was called.
const from = process.env.INIT_CWD ?? process.cwd();
const args = process.argv.slice(2).map((one) => (one.startsWith('--') ? one : resolve(from, one)));

const progress = new Progress();
try {
  await installPackages(progress);
  progress.done();
  process.exitCode = await runNode(findNode24(), ['provisioning/verify/main.ts', ...args]);
} catch (error) {
  progress.done();
  if (!(error instanceof SetupFailure)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
