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
 * Names and texts come from others: what would command the terminal or turn the direction of writing
 * is taken out, so that nobody can write over a line that stood there before.
 */
export function harmless(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD');
}

/** JSON leaves DEL and the C1 controls as they are; some terminals obey those too. */
function jsonLine(value: object): string {
  const escaped = JSON.stringify(value).replace(
    /[\u007f-\u009f]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${escaped}\n`;
}
