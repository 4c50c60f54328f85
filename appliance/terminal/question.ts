import { createInterface } from 'node:readline/promises';
import { exitCodes, Stop } from './stop.ts';

/** Asks the person at the terminal until they say yes or no; a `Stop` where nobody can be asked. */
export async function answered(question: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new Stop(
      'Nobody is here to be asked. See --help for how to answer beforehand.',
      exitCodes.usage,
    );
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (;;) {
      const answer = (await asking.question(question, { signal })).trim().toLowerCase();
      if (answer === 'yes' || answer === 'no') return answer === 'yes';
    }
  } catch (error) {
    throw new Stop('Stopped.', exitCodes.refused, error);
  } finally {
    asking.close();
  }
}
