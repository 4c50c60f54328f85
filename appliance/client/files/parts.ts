import { sealedChunkBytes, type ByteRange, type Layout } from '#protocol/transfer/layout.ts';

/**
 * Chunks in a part, which is what one request carries and one record holds: a mebibyte. A cut
 * costs at most this much, and a weak Wi-Fi carries it in the time of one request.
 */
export const chunksPerPart = 16;

const partBytes = chunksPerPart * sealedChunkBytes;

/** How many parts a file has. */
export function partsOf({ chunks }: Layout): number {
  return Math.ceil(chunks / chunksPerPart);
}

/** Bytes of the ciphertext in a part. */
export function partRange({ sealed }: Layout, part: number): ByteRange {
  return { from: part * partBytes, to: Math.min((part + 1) * partBytes, sealed) };
}

/** Chunks of a part: the first, and the one after the last. */
export function partChunks({ chunks }: Layout, part: number): ByteRange {
  return { from: part * chunksPerPart, to: Math.min((part + 1) * chunksPerPart, chunks) };
}

/** The part that holds a byte of the ciphertext. */
export function partAt(byte: number): number {
  return Math.floor(byte / partBytes);
}

/** Cuts a part into its chunks; a wrong length shows in the last of them. */
export function chunksIn(part: Uint8Array): Uint8Array[] {
  const count = Math.ceil(part.length / sealedChunkBytes);
  return Array.from({ length: count }, (_, index) =>
    part.subarray(index * sealedChunkBytes, (index + 1) * sealedChunkBytes),
  );
}
