/** What the platform lends to the pure protocol. One adapter per platform. */
export interface Engine {
  /**
   * Plain Ed25519 verification, fast; only called by `verifyStrict`, after its own
   * checks of S, R and key, so engines cannot disagree on edge cases (R4).
   */
  verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
  /** Cryptographically random bytes. */
  random(length: number): Uint8Array;
}

/** zlib for git packs. */
export interface Zlib {
  /**
   * Inflates one zlib stream that begins at `offset`. Returns at most `maxBytes` of output and
   * how many input bytes the stream took; undefined if damaged, cut off or larger.
   */
  inflate(
    input: Uint8Array,
    offset: number,
    maxBytes: number,
  ): { bytes: Uint8Array; consumed: number } | undefined;
  deflate(bytes: Uint8Array): Uint8Array;
}
