/**
 * A start that cannot succeed until a person changes something: a port that is
 * taken, a bad config key, an unusable directory. `sentence` says what happened
 * and what to do; it is all that a person sees, so never a stack trace.
 */
export class Refusal extends Error {
  readonly sentence: string;
  /** 2 for a mistake in what was asked (options, config), 1 for everything else. */
  readonly exitCode: 1 | 2;

  constructor(sentence: string, exitCode: 1 | 2 = 1, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = 'Refusal';
    this.sentence = sentence;
    this.exitCode = exitCode;
  }
}

/** The `code` of a Node system error (`ENOENT`, `EADDRINUSE`), or '' for any other value. */
export function systemCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/**
 * The Refusal in an error, if there is one: itself, or what the system said to a
 * port that cannot be opened. Trying again cures neither.
 */
export function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  const { port, syscall } = (error ?? {}) as { port?: unknown; syscall?: unknown };
  if (typeof port !== 'number' || (syscall !== 'listen' && syscall !== 'bind')) return undefined;
  const otherwise = 'choose another port in the config file (--print-config lists the keys)';
  if (systemCode(error) === 'EADDRINUSE') {
    const what = `Port ${port} is used by another program.`;
    return new Refusal(`${what} Stop that program, or ${otherwise}.`, 1, error);
  }
  if (systemCode(error) === 'EACCES') {
    return new Refusal(`This user may not open port ${port}. Please ${otherwise}.`, 1, error);
  }
  return undefined;
}
