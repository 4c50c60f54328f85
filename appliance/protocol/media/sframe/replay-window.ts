/** Counters behind the newest that may still come (W3). */
export const windowFrames = 1024;

/** Takes each counter once; what is 1 024 or more behind the newest is too old. */
export class ReplayWindow {
  readonly #taken = new Uint32Array(windowFrames / 32);
  #newest = -1;

  /** Whether `take` would take this counter. */
  isNew(ctr: number): boolean {
    if (ctr > this.#newest) return true;
    if (ctr <= this.#newest - windowFrames) return false;
    const [word, bit] = this.#place(ctr);
    return ((this.#taken[word] as number) & bit) === 0;
  }

  /** Takes a counter; false if it came before or is too old. */
  take(ctr: number): boolean {
    if (!this.isNew(ctr)) return false;
    if (ctr > this.#newest) this.#moveTo(ctr);
    const [word, bit] = this.#place(ctr);
    this.#taken[word] = (this.#taken[word] as number) | bit;
    return true;
  }

  #moveTo(ctr: number): void {
    if (ctr - this.#newest >= windowFrames) this.#taken.fill(0);
    else for (let i = this.#newest + 1; i < ctr; i++) this.#clear(i);
    this.#clear(ctr);
    this.#newest = ctr;
  }

  #clear(ctr: number): void {
    const [word, bit] = this.#place(ctr);
    this.#taken[word] = (this.#taken[word] as number) & ~bit;
  }

  #place(ctr: number): [word: number, bit: number] {
    const slot = ctr % windowFrames;
    return [Math.floor(slot / 32), 1 << (slot % 32)];
  }
}
