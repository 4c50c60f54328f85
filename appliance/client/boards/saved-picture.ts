import {
  addBatch,
  foldBoard,
  type BoardBatch,
  type Picture,
} from '#protocol/content/board-fold.ts';

/** What the history says of a board, drawn on as messages come. */
export class SavedPicture {
  #picture: Picture = new Map();
  #drawn = new Set<string>();
  #last: readonly BoardBatch[] | undefined;

  /** The picture after these messages; drawn anew only if one of them is no longer visible. */
  after(batches: readonly BoardBatch[]): Picture {
    if (batches === this.#last) return this.#picture;
    this.#last = batches;
    const sids = new Set(batches.map(({ sid }) => sid));
    const isGrown = [...this.#drawn].every((sid) => sids.has(sid));
    if (isGrown) {
      for (const batch of batches) if (!this.#drawn.has(batch.sid)) addBatch(this.#picture, batch);
    } else {
      this.#picture = foldBoard(batches);
    }
    this.#drawn = sids;
    return this.#picture;
  }
}
