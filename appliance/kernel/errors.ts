/** What the other side can do about an error; only the gateway turns it into a status code. */
export type Category = 'invalid' | 'denied' | 'conflict' | 'limit' | 'unavailable' | 'internal';

interface ErrorRow {
  category: Category;
  /** For our log. */
  message: string;
  /** For the other side: says nothing that it does not know already. */
  publicMessage: string;
}

/** A service's error table: code → row. Codes are protocol; they are retired, never renamed. */
export type ErrorTable = Readonly<Record<string, ErrorRow>>;

/** An expected failure of the box, with a code that never changes. */
export class ApplianceError extends Error {
  readonly code: string;
  readonly category: Category;
  readonly publicMessage: string;
  /** JSON-safe; no secrets, no content. */
  readonly data: object;

  constructor(table: ErrorTable, code: string, data: object = {}, cause?: unknown) {
    const row = table[code];
    if (!row) throw new TypeError(`unknown error code ${code}`);
    super(row.message, cause === undefined ? undefined : { cause });
    this.name = 'ApplianceError';
    this.code = code;
    this.category = row.category;
    this.publicMessage = row.publicMessage;
    this.data = data;
  }
}
