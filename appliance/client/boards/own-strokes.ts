import { readElement, type BoardElement } from '#protocol/content/board-element.ts';
import { addElement, type Picture } from '#protocol/content/board-fold.ts';
import { unplaced } from './live-strokes.ts';

/**
 * What was drawn here and is not in the history yet. It is kept on the device from the moment it is
 * drawn, so that a page that is closed between two batches loses nothing.
 */
export class OwnStrokes {
  readonly #strokes = new Map<string, BoardElement>();
  readonly #store: (texts: readonly string[]) => Promise<void>;
  #storing: Promise<void> | undefined;
  #isStale = false;

  /** `store` keeps these texts in the place of those before; with none it forgets them. */
  constructor(store: (texts: readonly string[]) => Promise<void>) {
    this.#store = store;
  }

  /** Takes up what a page that was closed has left. */
  restore(texts: readonly string[]): void {
    for (const element of texts.flatMap((text) => readElement(text) ?? [])) {
      this.#strokes.set(element.id, element);
    }
  }

  get size(): number {
    return this.#strokes.size;
  }

  get(id: string): BoardElement | undefined {
    return this.#strokes.get(id);
  }

  all(): BoardElement[] {
    return [...this.#strokes.values()];
  }

  /** Adds strokes; `stored` tells when they are on disk. */
  put(element: BoardElement): void {
    this.#strokes.set(element.id, element);
    this.#isStale = true;
  }

  /** These are in the history now; one that changed meanwhile stays. */
  settle(elements: readonly BoardElement[]): void {
    for (const element of elements) {
      if (this.#strokes.get(element.id) === element) this.#strokes.delete(element.id);
    }
    this.#isStale = true;
  }

  /** Resolves when the strokes of this moment are on disk; many changes make few writes. */
  stored(): Promise<void> {
    this.#storing ??= this.#writeAll().finally(() => (this.#storing = undefined));
    return this.#storing;
  }

  drawInto(picture: Picture): void {
    for (const stroke of this.#strokes.values()) addElement(picture, unplaced(stroke));
  }

  async #writeAll(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      await this.#store(this.all().map(({ text }) => text));
    }
  }
}
