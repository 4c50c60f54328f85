import type { Cipher, FileHashes } from '#protocol/ports.ts';

/** What the platform lends to files. */
export interface FilePlatform {
  cipher: Cipher;
  hashes: FileHashes;
  parts: PartStore;
  /** A whole file in the form that the platform's screens take: on the web a Blob. */
  whole(pieces: AsyncIterable<Uint8Array>): Promise<unknown>;
}

/** Sealed parts of files on this device; only ciphertext comes here. */
export interface PartStore {
  /** Keeps part `index`, 0 and up; on disk when it resolves. Rejects if there is no room. */
  write(file: string, index: number, bytes: Uint8Array): Promise<void>;
  read(file: string, index: number): Promise<Uint8Array | undefined>;
  /** How many parts are here, counted from the first one without a gap. */
  count(file: string): Promise<number>;
  /** Every file of which a part is here. */
  files(): Promise<readonly string[]>;
  remove(file: string): Promise<void>;
}
