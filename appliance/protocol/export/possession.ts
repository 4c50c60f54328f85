import { utf8 } from '../codec/bytes.ts';
import { H } from '../codec/hash.ts';
import type { FileHashes } from '../ports.ts';
import { piecesOf, type OnProgress, type RecordBytes } from './record-bytes.ts';

/**
 * What a party's proof of possession must cover (T5): the nonces of the other units' agreements, in
 * the order of their pfp. Nobody knows it before all others have agreed, so nobody can prepare it.
 */
export function challengeOf(pfp: string, nonces: readonly Uint8Array[]): Uint8Array {
  return H('challenge', pfp, ...nonces);
}

/**
 * SHA-512 over the challenge and the whole record, 64 bytes: whoever has only the record's hash, or
 * another party's answer, cannot make it. `onProgress` hears of bytes.
 */
export async function possession(
  hashes: FileHashes,
  challenge: Uint8Array,
  bytes: RecordBytes,
  onProgress?: OnProgress,
): Promise<Uint8Array> {
  const hash = await hashes.sha512();
  hash.update(utf8('swarm1/poss\0'));
  hash.update(challenge);
  let done = 0;
  for await (const piece of piecesOf(bytes)) {
    hash.update(piece);
    done += piece.length;
    await onProgress?.(done, bytes.size);
  }
  return hash.digest();
}
