import type { DrawnElement } from './element.ts';

/** Milliseconds between two messages of one drawing hand; ten a second look live. */
const drawEveryMs = 100;

/**
 * Takes what is drawn here to the others: only elements whose version is new, in
 * batches. What came from others is told with `know` and is not sent back.
 */
export class Pencil {
  readonly #send: (elements: readonly string[]) => void;
  readonly #known = new Map<string, string>();
  readonly #waiting = new Map<string, DrawnElement>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (elements: readonly string[]) => void) {
    this.#send = send;
  }

  /** These versions came from others. */
  know(elements: readonly DrawnElement[]): void {
    for (const element of elements) this.#known.set(element.id, versionOf(element));
  }

  /** The board as it is now, deleted elements among them. */
  drawn(elements: readonly DrawnElement[]): void {
    for (const element of elements) {
      if (this.#known.get(element.id) === versionOf(element)) continue;
      // A shape that was only touched, not drawn, is nothing to show.
      if (!this.#known.has(element.id) && element.isDeleted) continue;
      this.#known.set(element.id, versionOf(element));
      this.#waiting.set(element.id, element);
    }
    if (this.#waiting.size > 0) this.#timer ??= setTimeout(() => this.flush(), drawEveryMs);
  }

  /** Sends what waits, at once. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const elements = [...this.#waiting.values()].map((element) => JSON.stringify(element));
    this.#waiting.clear();
    this.#send(elements);
  }
}

function versionOf({ version, versionNonce }: DrawnElement): string {
  return `${version} ${versionNonce}`;
}
