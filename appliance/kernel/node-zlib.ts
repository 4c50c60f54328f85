import { deflateSync, inflateSync } from 'node:zlib';
import type { Zlib } from '#protocol/ports.ts';

/** What `inflateSync` returns when asked for `info`; Node's types leave it out. */
interface WithInfo {
  buffer: Uint8Array;
  engine: { bytesWritten: number };
}

/** zlib of this machine; never inflates more than it was allowed (L2: deflate bombs). */
export const nodeZlib: Zlib = {
  inflate(input, offset, maxBytes) {
    try {
      const { buffer, engine } = inflateSync(input.subarray(offset), {
        info: true,
        // Node refuses 0; an empty object is told apart below.
        maxOutputLength: Math.max(maxBytes, 1),
      }) as unknown as WithInfo;
      if (buffer.length > maxBytes) return undefined;
      return { bytes: new Uint8Array(buffer), consumed: engine.bytesWritten };
    } catch (error) {
      if (isBadStream(error)) return undefined;
      throw error;
    }
  },
  deflate: (bytes) => new Uint8Array(deflateSync(bytes)),
};

/** Damaged, cut off, too large: the sender's fault. Anything else is ours and is thrown. */
function isBadStream(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return false;
  return error.code.startsWith('Z_') || error.code === 'ERR_BUFFER_TOO_LARGE';
}
