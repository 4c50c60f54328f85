import { createContext, useCallback, useContext, useState } from 'react';
import { ClientProblem, type Problem } from '#client/model.ts';

/** Where a refusal is shown when no screen of its own shows it. */
export const ReportContext = createContext<(problem: Problem) => void>(() => {});

/** A refusal as it can be shown. Anything but `ClientProblem` is our own mistake. */
function problemOf(error: unknown): Problem {
  if (error instanceof ClientProblem) return error.problem;
  // Shown by the browser's own tools only; the person sees words.
  reportError(error);
  return { code: 'WEB_UNEXPECTED', says: '', advice: '' };
}

/**
 * Runs one command of the engine at a time. `run` is true if it worked; a refusal
 * goes to `problem` if the caller shows it itself (`here`), else to the notice.
 */
export function useCommand({ here = false }: { here?: boolean } = {}) {
  const report = useContext(ReportContext);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const run = useCallback(
    async (command: () => Promise<unknown>): Promise<boolean> => {
      setBusy(true);
      setProblem(undefined);
      try {
        await command();
        return true;
      } catch (error) {
        const refused = problemOf(error);
        if (here) setProblem(refused);
        else report(refused);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [here, report],
  );
  return { run, isBusy, problem };
}
