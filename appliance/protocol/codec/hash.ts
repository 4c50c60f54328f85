import { concat, u32be, utf8 } from './bytes.ts';
import { sha512 } from './digest.ts';

/** What a hash is for. No tag serves two purposes, so no hash can be passed off as another. */
export type Tag =
  | 'archive-card'
  | 'back'
  | 'blob'
  | 'board'
  | 'box-key'
  | 'cert'
  | 'challenge'
  | 'claim'
  | 'claim-id'
  | 'cmp'
  | 'digits'
  | 'draft'
  | 'epoch'
  | 'eph'
  | 'fc'
  | 'found'
  | 'founding-seal'
  | 'founding-sign'
  | 'frames'
  | 'fp-device'
  | 'fp-member'
  | 'fp-party'
  | 'g'
  | 'gkey'
  | 'inv-seal'
  | 'inv-sign'
  | 'keyid'
  | 'leaf'
  | 'link'
  | 'link-commit'
  | 'link-digits'
  | 'link-keys'
  | 'link-seal'
  | 'list'
  | 'mk'
  | 'n'
  | 'names'
  | 'node'
  | 'nonce'
  | 'profile'
  | 'pt'
  | 'ratchet'
  | 'receipt'
  | 'record'
  | 'recipients'
  | 'reopen'
  | 'room'
  | 'rule'
  | 'safety'
  | 'salt'
  | 'sess'
  | 'sid'
  | 'ticket'
  | 'topic'
  | 'transcript'
  | 'tree';

/**
 * `H(tag, a, b, …)` of SWARM §2: SHA-512 over `swarm1/<tag>`, a zero byte, and each
 * part after its length; a text counts as its UTF-8 bytes. 64 bytes.
 */
export function H(tag: Tag, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const framed = parts.flatMap((part) => {
    const bytes = typeof part === 'string' ? utf8(part) : part;
    return [u32be(bytes.length), bytes];
  });
  return sha512(concat(utf8(`swarm1/${tag}\0`), ...framed));
}

/** The first 32 bytes of `H`: keys, seeds and short identities. */
export function H32(tag: Tag, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  return H(tag, ...parts).subarray(0, 32);
}
