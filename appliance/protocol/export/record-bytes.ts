/** The bytes of a record, wherever they lie: a file, a Blob, an array. */
export interface RecordBytes {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `from` up to `to`, both within `size`. May reject if the medium fails. */
  read(from: number, to: number): Promise<Uint8Array>;
}

/** Hears of work done; what it returns is awaited, so that a caller can let others run. */
export type OnProgress = (done: number, total: number) => void | Promise<void>;

/** Bytes that lie in memory. */
export function bytesInMemory(bytes: Uint8Array): RecordBytes {
  return { size: bytes.length, read: (from, to) => Promise.resolve(bytes.subarray(from, to)) };
}

/** A part of the bytes. */
export function partOf(bytes: RecordBytes, at: number, size: number): RecordBytes {
  return { size, read: (from, to) => bytes.read(at + from, at + to) };
}

/** How much is in memory at once of what may be large. */
const pieceBytes = 1_048_576;

/** The bytes from `from` to the end, piece by piece; ends early if the medium gives less. */
export async function* piecesOf(bytes: RecordBytes, from = 0): AsyncGenerator<Uint8Array> {
  for (let at = from; at < bytes.size; at += pieceBytes) {
    yield await bytes.read(at, Math.min(at + pieceBytes, bytes.size));
  }
}
