import { b64u, fields, integer, oneOf, text, type Guard } from '../codec/shape.ts';
import { fromB64u, fromHex, toHex } from '../codec/text-form.ts';
import { chunkBytes, maxFileBytes } from './layout.ts';

/** Body of a `data-transfer`: all that is needed to fetch a file and to know that it is the right one. */
export interface FileOffer {
  /** 16 bytes; names the offer. */
  tid: string;
  /** As its sender called it: to be shown, never to be used as a path. */
  name: string;
  /** Bytes before padding. */
  size: number;
  /** SHA3-512 of the plaintext, hex. */
  sha3sum: string;
  /** SHA-512 of the ciphertext. */
  ch: string;
  /** 32 bytes. */
  key: string;
  chunk: number;
}

const hex64: Guard<string> = (value): value is string =>
  typeof value === 'string' && fromHex(value, 64) !== undefined;

/** Whether this is an offer that can be fetched; others are shown as unsupported. */
export const isFileOffer: Guard<FileOffer> = fields({
  tid: b64u(16),
  name: text(1, 256),
  size: integer(0, maxFileBytes),
  sha3sum: hex64,
  ch: b64u(64),
  key: b64u(32),
  chunk: oneOf(chunkBytes),
});

/** The name of the ciphertext at the box: `/v1/f/<128 hex digits>`. Throws TypeError for a malformed `ch`. */
export function addressOf({ ch }: Pick<FileOffer, 'ch'>): string {
  const hash = fromB64u(ch, 64);
  if (hash === undefined) throw new TypeError('not a SHA-512');
  return toHex(hash);
}
