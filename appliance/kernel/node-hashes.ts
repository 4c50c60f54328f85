import { createHash } from 'node:crypto';
import type { FileHashes, RunningHash } from '#protocol/ports.ts';

/** Hashes of whole files on node:crypto. */
export const nodeHashes: FileHashes = {
  sha512: () => Promise.resolve(running('sha512')),
  sha3: () => Promise.resolve(running('sha3-512')),
};

function running(algorithm: string): RunningHash {
  const hash = createHash(algorithm);
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
  };
}
