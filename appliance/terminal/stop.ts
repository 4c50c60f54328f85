/** What the program ends with. */
export const exitCodes = {
  done: 0,
  /** It could not be done; the sentence says why. */
  refused: 1,
  /** The command line was wrong. */
  usage: 2,
  /** Kept on this device; the box did not confirm it in time. */
  kept: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends the program with a sentence for the person and an exit code; never a stack trace. */
export class Stop extends Error {
  readonly exitCode: ExitCode;

  constructor(sentence: string, exitCode: ExitCode = exitCodes.refused, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = 'Stop';
    this.exitCode = exitCode;
  }
}

/** The `code` of a Node system error (`ENOENT`, `EADDRINUSE`), or '' for any other value. */
export function systemCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
