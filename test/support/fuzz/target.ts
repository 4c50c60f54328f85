/** Something that reads what strangers send. */
export interface Target {
  /** Good inputs to begin with: each is accepted. */
  samples(): Promise<readonly Uint8Array[]>;
  /** Pieces that its inputs are made of, for the places where chance would never find them. */
  words?: readonly string[];
  /** Bends the structure instead of the bytes, and puts sums right; undefined where there is none. */
  bend?(input: Uint8Array, random: () => number): Uint8Array | undefined;
  /**
   * Reads. Resolves to whether it was accepted; throws if what was accepted does not write back to
   * the same bytes, or costs more than it may.
   */
  read(input: Uint8Array): Promise<boolean>;
}

/** Throws unless bytes are the same: what was accepted has a second writing. */
export function mustBeSame(written: Uint8Array, input: Uint8Array): void {
  const isSame = written.length === input.length && written.every((byte, i) => byte === input[i]);
  if (!isSame) throw new Error('accepted, but written in another way');
}
