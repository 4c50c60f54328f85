import { readElement, type BoardElement } from '#protocol/content/board-element.ts';
import {
  addElement,
  isNewer,
  type Picture,
  type PlacedElement,
} from '#protocol/content/board-fold.ts';

/** Most elements that are shown before they are in the history: stops filling memory. */
const mostLive = 2000;

/** What others draw just now and the history does not have yet. */
export class LiveStrokes {
  readonly #strokes = new Map<string, BoardElement & { device: string }>();

  /** What a device says it has drawn. */
  hear(device: string, texts: readonly string[]): void {
    for (const text of texts) {
      const element = readElement(text);
      if (!element || (!this.#strokes.has(element.id) && this.#strokes.size >= mostLive)) continue;
      const known = this.#strokes.get(element.id);
      if (!known || isNewer(unplaced(element), unplaced(known))) {
        this.#strokes.set(element.id, { ...element, device });
      }
    }
  }

  get(id: string): BoardElement | undefined {
    return this.#strokes.get(id);
  }

  /** Lets go of what is in the history by now, and of whoever may not be heard any more. */
  settle(saved: Picture, isIn: (device: string) => boolean): void {
    for (const [id, stroke] of this.#strokes) {
      const kept = saved.get(id);
      const isKept = kept !== undefined && !isNewer(unplaced(stroke), kept);
      if (isKept || !isIn(stroke.device)) this.#strokes.delete(id);
    }
  }

  /** Changes when other strokes are to be shown. */
  get size(): number {
    return this.#strokes.size;
  }

  drawInto(picture: Picture): void {
    for (const stroke of this.#strokes.values()) addElement(picture, unplaced(stroke));
  }
}

/** An element that no message has brought yet: of equal ones, the message's counts. */
export function unplaced(element: BoardElement): PlacedElement {
  return { ...element, l: -1, sid: '' };
}
