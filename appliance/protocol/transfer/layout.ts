/** Bytes of plaintext in every chunk but the last. */
export const chunkBytes = 65_536;
/** What sealing adds to a chunk: the tag of AES-GCM. */
export const tagBytes = 16;
/** Bytes of a sealed chunk that is not the last. */
export const sealedChunkBytes = chunkBytes + tagBytes;
/** Whole sealed chunks in one request, so that it stays below the box's 4 MiB. */
export const chunksPerRequest = 63;
/** Largest file in bytes, 2 GiB (L6). Stops offers that no disk of a mission holds. */
export const maxFileBytes = 2 ** 31;

/** Smallest padded size: short notes and keys all look alike. */
const leastBytes = 1024;

/** How a file of one size is cut and sealed. All numbers are bytes, except `chunks`. */
export interface Layout {
  size: number;
  padded: number;
  sealed: number;
  chunks: number;
}

/** Bytes from `from` up to, not including, `to`. */
export interface ByteRange {
  from: number;
  to: number;
}

/**
 * Size after padding (K19): the next multiple of an eighth of the highest power of two not above the size,
 * so at most 12.5 % more; at least 1 KiB. An onlooker learns about eight sizes an octave.
 */
export function paddedSize(size: number): number {
  if (size <= leastBytes) return leastBytes;
  const step = 2 ** (Math.floor(Math.log2(size)) - 3);
  return Math.ceil(size / step) * step;
}

/** The layout of a file. Throws RangeError for a size that is no whole number in 0…2 GiB. */
export function layoutOf(size: number): Layout {
  if (!Number.isInteger(size) || size < 0 || size > maxFileBytes) {
    throw new RangeError('not the size of a file');
  }
  const padded = paddedSize(size);
  const chunks = Math.ceil(padded / chunkBytes);
  return { size, padded, sealed: padded + chunks * tagBytes, chunks };
}

/** Where a chunk lies in the padded plaintext. */
export function plainRange({ padded }: Layout, index: number): ByteRange {
  return { from: index * chunkBytes, to: Math.min((index + 1) * chunkBytes, padded) };
}

/** Where a chunk lies in the ciphertext. */
export function sealedRange({ sealed }: Layout, index: number): ByteRange {
  return { from: index * sealedChunkBytes, to: Math.min((index + 1) * sealedChunkBytes, sealed) };
}

/** Whole chunks in the first so many bytes of the ciphertext: where to go on after a cut. */
export function wholeChunks({ sealed, chunks }: Layout, bytes: number): number {
  return bytes >= sealed ? chunks : Math.floor(Math.max(bytes, 0) / sealedChunkBytes);
}

/** The chunks that hold a range of the plaintext: first, and the one after the last. */
export function chunksOf({ chunks }: Layout, { from, to }: ByteRange): ByteRange {
  const last = Math.min(Math.ceil(to / chunkBytes), chunks);
  return { from: Math.min(Math.floor(from / chunkBytes), last), to: last };
}
