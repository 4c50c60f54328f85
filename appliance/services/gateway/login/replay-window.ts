/** How far behind the highest counter a late request may be. */
const size = 1024;

/**
 * Which counters of a session were used (A4). Requests overtake each other, so
 * a counter is good once if it is new and not too far behind; 128 bytes each.
 */
export class ReplayWindow {
  readonly #used = new Uint32Array(size / 32);
  #highest = -1;

  /** Whether the counter could be used now; changes nothing. */
  isFresh(counter: number): boolean {
    if (!Number.isSafeInteger(counter) || counter < 0) return false;
    if (counter > this.#highest) return true;
    return counter > this.#highest - size && !this.#has(counter);
  }

  /** Uses the counter up; false if it was not fresh. */
  use(counter: number): boolean {
    if (!this.isFresh(counter)) return false;
    const from = Math.max(this.#highest + 1, counter - size + 1);
    for (let passed = from; passed < counter; passed++) this.#set(passed, false);
    this.#set(counter, true);
    this.#highest = Math.max(this.#highest, counter);
    return true;
  }

  #has(counter: number): boolean {
    const at = counter % size;
    return ((this.#used[at >>> 5] ?? 0) & (1 << (at & 31))) !== 0;
  }

  #set(counter: number, isUsed: boolean): void {
    const at = counter % size;
    const word = this.#used[at >>> 5] ?? 0;
    const bit = 1 << (at & 31);
    this.#used[at >>> 5] = isUsed ? word | bit : word & ~bit;
  }
}
