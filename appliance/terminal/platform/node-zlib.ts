import { deflateSync, inflateSync } from 'node:zlib';
import type { Zlib } from '#protocol/ports.ts';

/** What `inflateSync` returns when asked for `info`; Node's types leave it out. */
interface WithInfo {
  buffer: Uint8Array;
  engine: { bytesWritten: number };
}

/** zlib of Node; the output never outgrows what the caller allows. */
export const nodeZlib: Zlib = {
  inflate(input, offset, maxBytes) {
    try {
      const { buffer, engine } = inflateSync(input.subarray(offset), {
        info: true,
        maxOutputLength: maxBytes + 1,
      }) as unknown as WithInfo;
      if (buffer.length > maxBytes) return undefined;
      return { bytes: new Uint8Array(buffer), consumed: engine.bytesWritten };
    } catch {
      // Damaged, cut off or too large: all of it the sender's doing.
      return undefined;
    }
  },
  deflate: (bytes) => new Uint8Array(deflateSync(bytes)),
};
