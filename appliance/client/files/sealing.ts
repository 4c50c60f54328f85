import type { Engine } from '#protocol/ports.ts';
import { isFileOffer, type FileOffer } from '#protocol/transfer/offer.ts';
import { OutgoingFile } from '#protocol/transfer/outgoing-file.ts';
import { maxFileBytes } from '#protocol/transfer/layout.ts';
import type { FileSource } from '../call-model.ts';
import { problem } from '../problem.ts';
import { keyOf } from './file-record.ts';
import { partChunks, partsOf } from './parts.ts';
import type { FilePlatform } from './ports.ts';

/** Longest name of a file in UTF-8 bytes (L6). */
const longestName = 256;

/**
 * Seals a file under a fresh key and keeps the ciphertext on this device, so that the upload no
 * longer needs the file itself and goes on after a restart. Rejects with a problem, keeping nothing.
 */
export async function keepSealed(
  engine: Engine,
  platform: FilePlatform,
  source: FileSource,
): Promise<FileOffer> {
  if (source.sizeBytes > maxFileBytes) throw problem('FILE_TOO_LARGE');
  const { cipher, hashes, parts } = platform;
  const file = {
    name: shortened(source.name),
    size: source.sizeBytes,
    read: async (from: number, to: number) => {
      try {
        return await source.read(from, to);
      } catch (error) {
        throw problem('FILE_UNREADABLE', error);
      }
    },
  };
  const sealed = await OutgoingFile.prepare({ engine, cipher, hashes }, file);
  if (!isFileOffer(sealed.offer)) throw problem('FILE_UNREADABLE');
  const key = keyOf(sealed.offer);
  try {
    for (let part = 0; part < partsOf(sealed.layout); part += 1) {
      const { from, to } = partChunks(sealed.layout, part);
      const bytes = await sealed.chunks(from, to);
      if (!bytes.ok) throw problem('FILE_UNREADABLE', new Error(bytes.why));
      await parts.write(key, part, bytes.value);
    }
  } catch (error) {
    await parts.remove(key);
    throw error;
  }
  return sealed.offer;
}

/** A name that a message can carry; the end stays, since it says what kind of file it is. */
function shortened(name: string): string {
  const characters = [...name.toWellFormed()];
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  while (bytes(characters.join('')) > longestName) characters.shift();
  return characters.length === 0 ? 'file' : characters.join('');
}
