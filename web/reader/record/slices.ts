import type { RecordBytes } from '#protocol/export/record-bytes.ts';

/** A file that a person chose, read slice by slice: a record may be larger than the memory. */
export function slicesOf(blob: Blob): RecordBytes {
  return {
    size: blob.size,
    read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  };
}
