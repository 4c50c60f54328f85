import { fromB64u } from '#protocol/codec/text-form.ts';
import { openChunk } from '#protocol/transfer/chunk.ts';
import { layoutOf, plainRange } from '#protocol/transfer/layout.ts';
import type { FileOffer } from '#protocol/transfer/offer.ts';
import { problem } from '../problem.ts';
import { keyOf } from './file-record.ts';
import { chunksIn, partChunks, partsOf } from './parts.ts';
import type { FilePlatform } from './ports.ts';

/**
 * The plaintext of a file that is here, chunk by chunk. Rejects with `FILE_LOST` if a part is
 * missing and `FILE_DAMAGED` if one was changed on the disk since it was checked.
 */
export async function* opened(
  { cipher, parts }: FilePlatform,
  offer: FileOffer,
): AsyncGenerator<Uint8Array, void> {
  const layout = layoutOf(offer.size);
  const key = await cipher.key(fromB64u(offer.key, 32) as Uint8Array);
  for (let part = 0; part < partsOf(layout); part += 1) {
    const bytes = await parts.read(keyOf(offer), part);
    if (!bytes) throw problem('FILE_LOST');
    const chunks = chunksIn(bytes);
    const range = partChunks(layout, part);
    for (let index = range.from; index < range.to; index += 1) {
      const sealed = chunks[index - range.from] ?? new Uint8Array();
      const plain = await openChunk(key, layout, index, sealed);
      if (!plain) throw problem('FILE_DAMAGED');
      yield plain.subarray(0, Math.max(0, layout.size - plainRange(layout, index).from));
    }
  }
}
