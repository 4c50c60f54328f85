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

/** An AES-GCM key of the platform. */
export interface CipherKey {
  /**
   * Ciphertext and 16-byte tag. The caller answers for a 12-byte nonce that never repeats;
   * `data` is authenticated and not encrypted.
   */
  seal(nonce: Uint8Array, plain: Uint8Array, data?: Uint8Array): Promise<Uint8Array>;
  /** Inverse of `seal`; undefined unless key, nonce, data and every byte fit. */
  open(nonce: Uint8Array, sealed: Uint8Array, data?: Uint8Array): Promise<Uint8Array | undefined>;
}

/** AES-GCM and key derivation, fast: for files and media frames. */
export interface Cipher {
  /** AES-GCM with a key of 16 or 32 bytes. */
  key(bytes: Uint8Array): Promise<CipherKey>;
  /** HKDF with an empty salt (RFC 5869): extract, then `length` bytes for `info`. */
  derive(
    hash: 'SHA-256' | 'SHA-512',
    secret: Uint8Array,
    info: Uint8Array,
    length: number,
  ): Promise<Uint8Array>;
}

/** A hash over bytes that come piece by piece. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  /** Ends it: call once. */
  digest(): Uint8Array;
}

/** Hashes of whole files, without holding the files. */
export interface FileHashes {
  sha512(): Promise<RunningHash>;
  sha3(): Promise<RunningHash>;
}
