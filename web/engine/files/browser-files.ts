import type { FilePlatform } from '#client/files/ports.ts';
import type { FileHashes } from '#protocol/ports.ts';
import { webCipher } from '../../e2ee/web-cipher.ts';
import { IndexedParts } from './indexed-parts.ts';

/** Bytes of a Blob that are handed over at a time: the browser keeps them on its disk from then on. */
const blobBytes = 4 * 1_048_576;

/** Hashing comes as a chunk of its own, when the first file does. */
const lateHashes: FileHashes = {
  sha512: async () => (await import('./file-hashes.ts')).fileHashes.sha512(),
  sha3: async () => (await import('./file-hashes.ts')).fileHashes.sha3(),
};

/** What a browser lends to files. */
export function browserFiles(database: () => IDBDatabase): FilePlatform {
  return {
    cipher: webCipher,
    hashes: lateHashes,
    parts: new IndexedParts(database),
    whole: wholeBlob,
  };
}

/** A Blob of blobs. Its type is plain bytes, whatever the name says: it never opens as a page. */
async function wholeBlob(pieces: AsyncIterable<Uint8Array>): Promise<Blob> {
  const blobs: Blob[] = [];
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const handOver = (): void => {
    blobs.push(new Blob(waiting));
    waiting = [];
    length = 0;
  };
  for await (const piece of pieces) {
    waiting.push(Uint8Array.from(piece));
    length += piece.length;
    if (length >= blobBytes) handOver();
  }
  handOver();
  return new Blob(blobs, { type: 'application/octet-stream' });
}
