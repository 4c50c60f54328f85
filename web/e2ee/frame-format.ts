import type { Medium } from './messages.ts';

/** A frame cut in two: what an SFU must read, and what nobody but participants may. */
export interface CutFrame {
  clear: Uint8Array;
  rest: Uint8Array;
}

/** VP8 (RFC 7741): an SFU tells key frames by the first bytes, and a key frame's size by the next seven. */
const keyFrameBytes = 10;
const deltaFrameBytes = 3;
/** Opus: the byte that says mode and length, which jitter buffers read. */
const opusBytes = 1;

/** Cuts an encoded frame, or a sealed one, whose clear bytes are the same; undefined if it is too short to be one. */
export function cutFrame(medium: Medium, data: Uint8Array): CutFrame | undefined {
  const length = medium === 'audio' ? opusBytes : vp8Bytes(data);
  if (data.length < length) return undefined;
  return { clear: data.subarray(0, length), rest: data.subarray(length) };
}

/** The lowest bit of a VP8 frame is 0 for a key frame (RFC 6386 §9.1). */
function vp8Bytes(data: Uint8Array): number {
  return ((data[0] ?? 1) & 1) === 0 ? keyFrameBytes : deltaFrameBytes;
}
