/**
 * What the program says: results on standard output, in words or with `--json` as one JSON object a
 * line; everything about the way there on standard error.
 */
export class Output {
  readonly isJson: boolean;

  constructor(isJson: boolean) {
    this.isJson = isJson;
  }

  /** A result, in both forms. */
  say(words: string, json: object): void {
    process.stdout.write(this.isJson ? jsonLine(json) : `${harmless(words)}\n`);
  }

  /** A result that programs read, whatever `--json` says. */
  json(value: object): void {
    process.stdout.write(jsonLine(value));
  }

  /** Something on the way that a person may want to know. */
  note(words: string): void {
    process.stderr.write(`${harmless(words)}\n`);
  }
}

/**
 * Names and texts come from others: what would command the terminal is taken out, so that nobody can
 * write over a line that stood there before.
 */
export function harmless(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\uFFFD');
}

/** JSON leaves DEL and the C1 controls as they are; some terminals obey those too. */
function jsonLine(value: object): string {
  const escaped = JSON.stringify(value).replace(
    /[\u007f-\u009f]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${escaped}\n`;
}
