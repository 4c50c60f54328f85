import { createSHA3, createSHA512, type IHasher } from 'hash-wasm';
import type { FileHashes, RunningHash } from '#protocol/ports.ts';

/** Hashes of files by hash-wasm: WebCrypto has no SHA-3 and hashes nothing piece by piece. */
export const fileHashes: FileHashes = {
  sha512: async () => running(await createSHA512()),
  sha3: async () => running(await createSHA3(512)),
};

function running(hasher: IHasher): RunningHash {
  hasher.init();
  return {
    update: (bytes) => void hasher.update(bytes),
    digest: () => hasher.digest('binary'),
  };
}
