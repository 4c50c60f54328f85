import type { RecordBytes } from '#protocol/export/record-bytes.ts';
import type { Cipher, FileHashes } from '#protocol/ports.ts';
import { IncomingFile } from '#protocol/transfer/incoming-file.ts';
import { sealedRange } from '#protocol/transfer/layout.ts';
import { addressOf, isFileOffer } from '#protocol/transfer/offer.ts';

/** What opening a file of the record came to. */
export type Extracted = { state: 'open'; blob: Blob } | { state: 'missing' | 'damaged' };

/** Where files of a record come from and what opens them. */
export interface Shelf {
  /** The ciphertext under an address. */
  file(address: string): RecordBytes | undefined;
  cipher: Cipher;
  hashes: FileHashes;
}

/**
 * Opens a file of the record. Nothing of it is given out before the whole was checked by both
 * hashes and its size. `onProgress` gets a share from 0 to 1.
 */
export async function extract(
  { cipher, file, hashes }: Shelf,
  offer: unknown,
  onProgress: (share: number) => void,
): Promise<Extracted> {
  const sealed = isFileOffer(offer) ? file(addressOf(offer)) : undefined;
  if (!sealed) return { state: 'missing' };
  const started = await IncomingFile.start({ cipher, hashes }, offer);
  if (!started.ok || started.value.layout.sealed !== sealed.size) return { state: 'damaged' };
  const incoming = started.value;
  const pieces: BlobPart[] = [];
  for (let index = 0; index < incoming.layout.chunks; index += 1) {
    const { from, to } = sealedRange(incoming.layout, index);
    const taken = await incoming.take(await sealed.read(from, to));
    if (!taken.ok) return { state: 'damaged' };
    pieces.push(Uint8Array.from(taken.value));
    onProgress((index + 1) / incoming.layout.chunks);
  }
  return incoming.end().ok ? { state: 'open', blob: new Blob(pieces) } : { state: 'damaged' };
}

const pictures: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
};

/** The type of a picture that may be shown, by its name; an SVG is none, since it is a program. */
export function pictureType(name: string): string | undefined {
  return pictures[name.split('.').at(-1)?.toLowerCase() ?? ''];
}
