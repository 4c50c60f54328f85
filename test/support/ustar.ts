import { concat, equal } from '#protocol/codec/bytes.ts';
import { indexOf } from '#protocol/export/archive-index.ts';
import { bytesInMemory } from '#protocol/export/record-bytes.ts';
import { archiveEnd, entryHead, padding } from '#protocol/export/ustar.ts';

/** The files of an archive by path. */
export async function unpacked(archive: Uint8Array): Promise<Map<string, Uint8Array>> {
  const index = await indexOf(bytesInMemory(archive));
  if (!index.ok) throw new Error(index.why);
  const files = [...index.value].map(async ([path, bytes]): Promise<[string, Uint8Array]> => {
    return [path, await bytes.read(0, bytes.size)];
  });
  return new Map(await Promise.all(files));
}

/** An archive of these files in this order, with whatever a liar puts in place of the ends. */
export function packed(
  files: Iterable<readonly [string, Uint8Array]>,
  end: Uint8Array = archiveEnd,
): Uint8Array {
  const parts = [...files].flatMap(([path, bytes]) => [
    entryHead({ path, size: bytes.length }),
    bytes,
    padding(bytes.length),
  ]);
  return concat(...parts, end);
}

/** A header with another field in it, its sum made right again. */
export function bentHead(head: Uint8Array, at: number, field: Uint8Array): Uint8Array {
  const bent = head.slice();
  bent.set(field, at);
  bent.fill(0x20, 148, 156);
  const sum = bent.reduce((total, byte) => total + byte, 0);
  bent.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return equal(bent, head) ? head : bent;
}
