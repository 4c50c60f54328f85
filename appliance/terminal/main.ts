import { exitCodes } from './stop.ts';
import { runProgram } from './program.ts';

const ending = new AbortController();
let signals = 0;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    signals += 1;
    // npm and the terminal each pass on one key press; whoever asks again does not want to wait.
    if (signals > 2) process.exit(exitCodes.refused);
    ending.abort();
  });
}
// Whoever reads us may have heard enough, as `head` does.
process.stdout.on('error', () => process.exit(exitCodes.done));
// A mistake of ours is told in words too; what was acknowledged is on the disk already.
process.on('uncaughtException', (error) => {
  process.stderr.write(`The program made a mistake and ends: ${error.message}\n`);
  process.exit(exitCodes.refused);
});

process.exitCode = await runProgram(process.argv.slice(2), ending.signal);
