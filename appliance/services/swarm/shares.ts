/**
 * How much of the store each party has used (L9): equal shares, counted by who pushes, whoever
 * wrote it (I2). A full share stops that party only. Counted from the start of the service.
 */
export class Shares {
  readonly #storeBytes: number;
  readonly #used = new Map<string, number>();

  constructor(storeBytes: number) {
    this.#storeBytes = storeBytes;
  }

  /** Whether a party, one of `parties`, has room for so many bytes more. */
  hasRoom(party: string, bytes: number, parties: number): boolean {
    const share = this.#storeBytes / Math.max(parties, 1);
    return (this.#used.get(party) ?? 0) + bytes <= share;
  }

  /** Notes bytes that were stored. */
  add(party: string, bytes: number): void {
    this.#used.set(party, (this.#used.get(party) ?? 0) + bytes);
  }
}
