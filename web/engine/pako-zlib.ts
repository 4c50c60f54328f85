import { deflate, zlibInflate, zlibInflateInit, ZStream, Z_FINISH, Z_OK, Z_STREAM_END } from 'pako';
import type { Zlib } from '#protocol/ports.ts';

/** zlib without the platform's help; the output never outgrows what the caller allows. */
export const pakoZlib: Zlib = {
  inflate(input, offset, maxBytes) {
    const stream = new ZStream();
    stream.input = input;
    stream.next_in = offset;
    stream.avail_in = input.length - offset;
    // One byte more than allowed shows that there is more, without inflating it.
    stream.output = new Uint8Array(maxBytes + 1);
    stream.avail_out = maxBytes + 1;
    if (zlibInflateInit(stream) !== Z_OK) return undefined;
    if (zlibInflate(stream, Z_FINISH) !== Z_STREAM_END) return undefined;
    if (stream.total_out > maxBytes) return undefined;
    return { bytes: stream.output.slice(0, stream.total_out), consumed: stream.total_in };
  },
  deflate: (bytes) => deflate(bytes),
};
