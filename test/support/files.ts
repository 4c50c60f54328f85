import type { FilePorts, FileToSend } from '#protocol/transfer/outgoing-file.ts';
import { fileHashes } from '../../web/engine/files/file-hashes.ts';
import { webCipher } from '../../web/e2ee/web-cipher.ts';
import { nodeEngine } from './protocol-ports.ts';

/** What files need, by the same libraries as in the browser. */
export const filePorts: FilePorts = { engine: nodeEngine, cipher: webCipher, hashes: fileHashes };

/** A file in memory. */
export function fileOf(bytes: Uint8Array, name = 'map.pdf'): FileToSend {
  return {
    name,
    size: bytes.length,
    read: (from, to) => Promise.resolve(bytes.slice(from, to)),
  };
}
