import { concat } from '#protocol/codec/bytes.ts';
import { layoutOf, type Layout } from '#protocol/transfer/layout.ts';
import { addressOf, type FileOffer } from '#protocol/transfer/offer.ts';
import { problem } from '../problem.ts';
import { keyOf } from './file-record.ts';
import type { FileDoor } from './file-door.ts';
import { partAt, partRange } from './parts.ts';
import type { PartStore } from './ports.ts';

/** The box takes no smaller request but the last: each costs it a write that it waits for. */
const leastBytes = 65_536;

/** Brings sealed parts to the box: from the first if it is `fresh`, else from where the box says it is. */
export async function upload(
  { door, parts }: { door: FileDoor; parts: PartStore },
  offer: FileOffer,
  { isFresh, onProgress }: { isFresh: boolean; onProgress: (bytes: number) => void },
  signal: AbortSignal,
): Promise<void> {
  const layout = layoutOf(offer.size);
  const address = addressOf(offer);
  let have = isFresh ? 0 : await door.have(address, layout.sealed, signal);
  onProgress(have);
  while (have < layout.sealed) {
    const bytes = await rest(parts, keyOf(offer), layout, have);
    await door.put(address, { bytes, from: have, total: layout.sealed }, signal);
    have += bytes.length;
    onProgress(have);
  }
}

/** The part from a byte on; where too little is left of it for one request, the next one too. */
async function rest(
  parts: PartStore,
  key: string,
  layout: Layout,
  have: number,
): Promise<Uint8Array> {
  const part = partAt(have);
  const { from, to } = partRange(layout, part);
  const bytes = await parts.read(key, part);
  // The platform threw it away, or somebody was at the disk.
  if (bytes?.length !== to - from) throw problem('FILE_LOST');
  const left = bytes.subarray(have - from);
  if (left.length >= leastBytes || to === layout.sealed) return left;
  return concat(left, await rest(parts, key, layout, to));
}
