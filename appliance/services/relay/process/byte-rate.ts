/** Bytes that one allocation may relay; what is too much is dropped, as a full network would. */
export class ByteRate {
  readonly #bytesPerSecond: number;
  readonly #nowMs: () => number;
  #left: number;
  #atMs: number;

  /** A second's worth may come at once. `nowMs` must not go back. */
  constructor(bytesPerSecond: number, nowMs: () => number) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#nowMs = nowMs;
    this.#left = bytesPerSecond;
    this.#atMs = nowMs();
  }

  /** Whether so many bytes may pass now. */
  spend(bytesCount: number): boolean {
    const nowMs = this.#nowMs();
    const refilled = ((nowMs - this.#atMs) / 1000) * this.#bytesPerSecond;
    this.#left = Math.min(this.#bytesPerSecond, this.#left + refilled);
    this.#atMs = nowMs;
    if (this.#left < bytesCount) return false;
    this.#left -= bytesCount;
    return true;
  }
}
