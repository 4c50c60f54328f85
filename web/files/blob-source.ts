import type { FileSource } from '#client/call-model.ts';

/** A file or blob of the browser as the engine reads it: piece by piece, never whole. */
export function blobSource(blob: Blob, name: string): FileSource {
  return {
    name,
    sizeBytes: blob.size,
    read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  };
}
